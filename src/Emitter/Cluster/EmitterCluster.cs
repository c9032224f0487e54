using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Delivery;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Queries;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Emitter.Cluster;

/// <summary>
/// This process as an emitter, however many namespaces it emits to: one packet stream for answers, and the directory's view, so that nobody
/// is waited for who is dead. It has no lease and no presence: the cluster does not know it.
/// </summary>
internal sealed partial class EmitterCluster : IEnvelopeReceiver, IDisposable
{
    // What comes in are answers, which pass the queue that this bounds.
    private const long MaxReceivedBytes = 1024 * 1024;

    // As long as a node's lease lasts: when so long nothing has answered, the cluster is away.
    private static readonly TimeSpan SilenceMeansAway = TimeSpan.FromSeconds(5);

    private readonly ClusterParticipant _participant;
    private readonly EmitterQueues _queues;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    public EmitterCluster(
        IClusterClient client, IOptions<SocketIOEmitterOptions> options, MessagingMetrics metrics, TimeProvider time,
        ILoggerFactory loggers)
    {
        Options = options.Value;
        Serializer = new PacketSerializer(Options.SerializerOptions, Options.MaxAttachments);
        _logger = loggers.CreateLogger<EmitterCluster>();
        var id = $"emitter-{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}";
        _participant = new ClusterParticipant(id, client, ToMessagingOptions(Options), metrics, this, time, loggers);
        _queues = new EmitterQueues(_participant);
    }

    public SocketIOEmitterOptions Options { get; }

    public PacketSerializer Serializer { get; }

    public ClusterRequests Requests => _participant.Requests;

    public ClusterState State => _participant.Health.State;

    /// <summary>How many namespaces have a way out at present.</summary>
    public int OpenNamespaces => _queues.Count;

    /// <summary>Puts a message behind everything sent in its namespace. Never waits and never fails.</summary>
    public Task Send(string ns, OutboundMessage message) => _queues.Send(ns, message);

    /// <summary>Begins to talk to the cluster. Call once.</summary>
    public void Start()
    {
        _participant.Start();
        _running = RunAsync();
    }

    /// <summary>Completes when everything sent so far has been put on the servers' packet streams.</summary>
    public Task WhenSentAsync() => _participant.WhenSentAsync();

    /// <summary>Sends what waits, as far as it goes within the limit, and lets go of everything.</summary>
    public async Task StopAsync()
    {
        if (_participant.CurrentRun is not null)
        {
            await WhenSentAsync().WaitAsync(Options.ShutdownTimeout, _participant.Time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _participant.Health.Left();
        _stopped.TrySetResult();
        _queues.Close();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _participant.StopAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a request for joins and waits until the cluster knows of those that it brought about, but not longer than that may take, and
    /// not at all while the cluster is known to be away.
    /// </summary>
    public async Task WhenJoinedAsync(JoinRequest request, Action send, CancellationToken cancellationToken)
    {
        try
        {
            send();
            if (State is ClusterState.Connected or ClusterState.Starting)
            {
                await Task.WhenAny(request.Completed, _stopped.Task).WaitAsync(Options.JoinTimeout, _participant.Time, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            // The joins are on their way; who emits through this emitter reaches them all the same.
        }
        finally
        {
            Requests.Remove(request);
        }
    }

    /// <summary>The questions about one namespace, for <see cref="AskDirectoryAsync"/>.</summary>
    public DirectoryQueries Ask(string ns) => new(_participant, ns);

    /// <summary>Tells a listener of the rooms of a namespace that come and go, until it is disposed or the emitter stops.</summary>
    public RoomFollower FollowRooms(string ns, Action<RoomExistence> listener) => new(_participant, ns, listener, _logger, _stopping.Token);

    /// <summary>Asks the directory something, for at most the time that requests may take.</summary>
    /// <exception cref="EmitterUnavailableException">It did not answer in time.</exception>
    public async ValueTask<T> AskDirectoryAsync<T>(Func<ValueTask<T>> ask, string ns, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await new ValueTask<T>(AskTrustedAsync()).WithinAsync(Options.RequestTimeout, _participant.Time, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _participant.ReportFailure(exception);
            throw Unavailable(ns, what, exception);
        }

        async Task<T> AskTrustedAsync()
        {
            await _participant.WhenRegisteredAsync(cancellationToken).ConfigureAwait(false);
            return await ask().ConfigureAwait(false);
        }
    }

    public EmitterUnavailableException Unavailable(string ns, string what, Exception? cause = null) =>
        new($"The cluster could not say in time {what} (namespace {ns}).", cause ?? _participant.Health.LastFailure);

    public void Dispose()
    {
        _stopping.Cancel();
        _participant.Dispose();
    }

    void IEnvelopeReceiver.Deliver(NodeIdentity from, Envelope envelope) => _participant.Metrics.Ignored("kind");

    private static MessagingOptions ToMessagingOptions(SocketIOEmitterOptions options) => new()
    {
        ClusterKey = options.ClusterKey,
        IsListed = false,
        CallTimeout = options.CallTimeout,
        JoinTimeout = options.JoinTimeout,
        MaxPendingRequests = options.MaxPendingRequests,
        MaxMessageBytes = options.MaxMessageBytes,
        MaxAnswerBytes = options.MaxAnswerBytes,
        MaxQueuedMessages = options.MaxQueuedMessages,
        MaxQueuedBytes = options.MaxQueuedBytes,
        MaxReceivedBytes = MaxReceivedBytes,
    };

    private async Task RunAsync()
    {
        // Later runs of an id have higher epochs; this id has only one.
        var run = new NodeRun(new NodeIdentity(_participant.Id, _participant.Time.GetUtcNow().UtcTicks));
        for (var attempt = 1; !await TrySubscribeAsync(run).ConfigureAwait(false); attempt++)
        {
            await _participant.Recovery.PauseAsync(attempt, _stopping.Token).ConfigureAwait(false);
        }

        _participant.Health.Registered(SilenceMeansAway);
        _participant.Begin(run);
        Log.Connected(_logger, run.Identity);
        using var timer = new PeriodicTimer(Options.RefreshInterval, _participant.Time);
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
        {
            if (await RefreshAsync().ConfigureAwait(false))
            {
                // The directory's silo is gone, and other grains with it.
                _participant.DoubtStream();
            }
        }
    }

    private async Task<bool> TrySubscribeAsync(NodeRun run)
    {
        try
        {
            await _participant.SubscribeAsync(run.Identity, _stopping.Token).ConfigureAwait(false);
            await RefreshAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _participant.OnDirectoryFailed(exception);
            return false;
        }
    }

    /// <summary>Asks who lives.</summary>
    /// <returns>Whether it is another directory that answers.</returns>
    private async Task<bool> RefreshAsync()
    {
        try
        {
            var view = await _participant.Directory.GetViewAsync(_participant.Living.Version, [])
                .WithinAsync(Options.CallTimeout, _participant.Time, _stopping.Token).ConfigureAwait(false);
            _participant.OnDirectoryAnswered(view, out var isOtherDirectory);
            return isOtherDirectory;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _participant.OnDirectoryFailed(exception);
            return false;
        }
    }
}
