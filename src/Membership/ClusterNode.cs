using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Membership.Routes;
using OrleansRooms.Messaging;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Delivery;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Membership;

/// <summary>
/// A node: one registration, one heartbeat and one packet stream, however many namespaces there are. It registers again, under a new
/// epoch and with a new stream, whenever it learns that it was declared departed. One process may be several nodes, which share its
/// cluster client and nothing else.
/// </summary>
internal sealed partial class ClusterNode : IClusterNode, IEnvelopeReceiver, IDisposable
{
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, NodeNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private NodeHeartbeat? _heartbeat;
    private ITimer? _verification;
    private Task _running = Task.CompletedTask;

    public ClusterNode(
        IClusterClient client,
        NodeOptions options,
        NodeMetrics metrics,
        MessagingMetrics messagingMetrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Options = options;
        Metrics = metrics;
        _logger = loggers.CreateLogger<ClusterNode>();
        NodeId = Options.NodeId ?? $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}";
        Announcements = new AnnouncementQueue(Options.MaxConcurrentAnnouncements, time);
        Participant = new ClusterParticipant(NodeId, client, Options.Messaging, messagingMetrics, this, time, loggers);
        Joins = new JoinPatience(this, _logger);
        Participant.StreamMoved += BeatNow;
        Revocations = new RouteRevocations(this);
        Rebuild = new MemberRebuild(this, loggers.CreateLogger<MemberRebuild>());
    }

    public string NodeId { get; }

    public ClusterState State => Participant.Health.State;

    public Exception? LastFailure => Participant.Health.LastFailure;

    /// <summary>What this node has in common with everything that sends envelopes.</summary>
    public ClusterParticipant Participant { get; }

    public NodeOptions Options { get; }

    public NodeMetrics Metrics { get; }

    public string ClusterKey => Options.ClusterKey;

    public IGrainFactory Grains => Participant.Grains;

    public TimeProvider Time => Participant.Time;

    public ILoggerFactory Loggers => Participant.Loggers;

    /// <inheritdoc cref="ClusterParticipant.Living"/>
    public LivingNodesView Living => Participant.Living;

    /// <inheritdoc cref="ClusterParticipant.Recovery"/>
    public ClusterRecovery Recovery => Participant.Recovery;

    /// <inheritdoc cref="ClusterParticipant.Links"/>
    public NodeLinks Links => Participant.Links;

    /// <inheritdoc cref="ClusterParticipant.Requests"/>
    public ClusterRequests Requests => Participant.Requests;

    /// <inheritdoc cref="ClusterParticipant.CurrentRun"/>
    public NodeRun? CurrentRun => Participant.CurrentRun;

    /// <summary>How long joins wait for the cluster.</summary>
    public JoinPatience Joins { get; }

    /// <summary>Tells the owners everything again when they may have lost it.</summary>
    public MemberRebuild Rebuild { get; }

    /// <summary>Whose turn it is to be told of this node's members.</summary>
    public AnnouncementQueue Announcements { get; }

    /// <summary>Sees to it that others send by no route that lacks this node.</summary>
    public RouteRevocations Revocations { get; }

    public INodeDirectoryGrain Directory => Participant.Directory;

    /// <summary>Cancelled when the node stops to take part.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when the node lets go of everything: what has not been sent or told by then never will be.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether the node has been told to start.</summary>
    public bool IsStarted { get; private set; }

    /// <inheritdoc cref="ClusterParticipant.WhenRegisteredAsync"/>
    public ValueTask<NodeRun> WhenRegisteredAsync(CancellationToken cancellationToken) => Participant.WhenRegisteredAsync(cancellationToken);

    public NodeNamespace? Find(string ns) => _namespaces.GetValueOrDefault(ns);

    /// <summary>Opens a namespace.</summary>
    /// <returns>Completes when a former one of the same name, which may still be closing, is gone.</returns>
    public Task Add(NodeNamespace ns)
    {
        lock (_lock)
        {
            var former = Find(ns.Name);
            _namespaces[ns.Name] = ns;
            return former?.Gone ?? Task.CompletedTask;
        }
    }

    /// <summary>Forgets a namespace that is closed, unless another has taken its place.</summary>
    public void Remove(NodeNamespace ns)
    {
        lock (_lock)
        {
            _namespaces.TryRemove(new KeyValuePair<string, NodeNamespace>(ns.Name, ns));
        }
    }

    /// <summary>Begins to take part in the cluster, as soon as it answers.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (IsStarted || _stopping.IsCancellationRequested)
            {
                return;
            }

            IsStarted = true;
            Participant.Start();
            _running = RunAsync();
            _verification = Time.CreateTimer(
                static self => ((ClusterNode)self!).Verify(), this, Options.VerifyInterval, Options.VerifyInterval);
        }
    }

    /// <summary>A grain or the directory knows that a run is departed.</summary>
    public void ReportFenced(NodeRun run)
    {
        lock (_lock)
        {
            if (CurrentRun == run && _heartbeat is not null)
            {
                // From here on nobody speaks for this run; a node that has left stays what it was.
                Participant.End(run);
                _heartbeat.ReportFenced();
            }
        }
    }

    /// <summary>Something in the cluster did not answer and will be tried again.</summary>
    public void ReportFailure(Exception exception) => Participant.ReportFailure(exception);

    /// <summary>The directory answered, with its view if there is news.</summary>
    public void OnDirectoryAnswered(DirectoryView? view)
    {
        var departed = Participant.OnDirectoryAnswered(view, out var isOtherDirectory);
        foreach (var node in departed)
        {
            if (node.Id != NodeId)
            {
                Log.NodeDeparted(_logger, NodeId, node);
            }

            foreach (var (_, ns) in _namespaces)
            {
                ns.Holder.OnDeparted(node);
            }
        }

        if (isOtherDirectory)
        {
            // The directory's silo is gone, and other grains with it: its generation is a new one.
            Log.DirectoryStartedAnew(_logger, NodeId);
            Participant.DoubtStream();
        }

        if (view is not null)
        {
            Rebuild.OnView(view);
        }
    }

    /// <summary>
    /// Tells all owners what this node holds, those that know it already by a digest. Completes when every one has been told something that was
    /// said after the call; never, while one cannot be reached.
    /// </summary>
    public Task TellEverythingAgainAsync()
    {
        Participant.DoubtStream();
        var told = new List<Task>();
        foreach (var (_, ns) in _namespaces)
        {
            told.Add(ns.TellEverythingAgainAsync());
        }

        return Task.WhenAll(told);
    }

    /// <summary>There is something to tell the directory that should not wait for the next heartbeat.</summary>
    public void BeatNow()
    {
        lock (_lock)
        {
            _heartbeat?.BeatNow();
        }
    }

    /// <summary>The directory did not answer.</summary>
    public void OnDirectoryFailed(Exception exception)
    {
        Metrics.HeartbeatFailed();
        Participant.OnDirectoryFailed(exception);
    }

    /// <summary>
    /// Ends the registration before the sockets are closed, so that the others drop them all at once; what is still sent goes out, but nothing
    /// comes in for long.
    /// </summary>
    public async Task LeaveAsync()
    {
        Participant.Health.Left();
        Joins.Left();
        await StopRunningAsync().ConfigureAwait(false);
        foreach (var (_, ns) in _namespaces)
        {
            ns.StopAnnouncing();
        }

        Participant.Routes.End();
        if (CurrentRun is { } run)
        {
            try
            {
                await Directory.LeaveAsync(run.Identity).AsTask().WithinAsync(Options.ShutdownTimeout, Time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The lease ends it.
                Log.LeftUnnoticed(_logger, NodeId, exception);
            }
        }
    }

    /// <summary>Sends what waits, as far as it goes within the limit, and lets go of everything.</summary>
    public async Task StopAsync()
    {
        await StopRunningAsync().ConfigureAwait(false);
        if (CurrentRun is not null)
        {
            await WhenSentAsync().WaitAsync(Options.ShutdownTimeout, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await LetGoAsync().ConfigureAwait(false);
    }

    /// <summary>Stops as a killed process does: no goodbye, and nothing sent any more. For tests.</summary>
    internal async Task KillAsync()
    {
        await StopRunningAsync().ConfigureAwait(false);
        await LetGoAsync().ConfigureAwait(false);
    }

    /// <summary>Completes when everything sent so far has been put on the streams of the others.</summary>
    public Task WhenSentAsync() => Participant.WhenSentAsync();

    void IEnvelopeReceiver.Deliver(NodeIdentity from, Envelope envelope)
    {
        if (Find(envelope.Namespace) is { } ns)
        {
            Deliver(ns.Holder, from, envelope);
            return;
        }

        // The namespace was closed here, or is not open yet.
        Participant.Metrics.Ignored("namespace");
        if (EmptyAnswers.To(envelope) is { } answer)
        {
            Links.Send(from, answer);
        }
    }

    private void Deliver(ISocketHolder holder, NodeIdentity from, Envelope envelope)
    {
        try
        {
            holder.Deliver(from, envelope);
        }
        catch (Exception) when (EmptyAnswers.To(envelope) is { } answer)
        {
            // The requester is told at once rather than left to wait; the dispatcher logs it.
            Links.Send(from, answer with { Flags = EnvelopeFlags.Failed });
            throw;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _ended.Cancel();
        _verification?.Dispose();
        Announcements.Dispose();
        Joins.Dispose();
        Participant.Dispose();
    }

    private async Task LetGoAsync()
    {
        foreach (var (_, ns) in _namespaces)
        {
            ns.StopAnnouncing();
        }

        await Participant.StopAsync().ConfigureAwait(false);
        Dispose();
    }

    private async Task StopRunningAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _verification?.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
