using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Delivery;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Routing;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging;

/// <summary>
/// A process that sends envelopes to nodes and hears answers on a packet stream of its own: a node, or an emitter, which holds no sockets
/// and is no node. Its owner gives it an identity and the directory's views; this class does not care where they come from.
/// </summary>
internal sealed class ClusterParticipant : IDisposable
{
    private readonly ConcurrentDictionary<string, Publisher> _publishers = new(StringComparer.Ordinal);
    private readonly EnvelopeDispatcher _dispatcher;
    private readonly NodeStreamSubscriber _subscriber;
    private readonly LinkClock _clock;
    private readonly ILogger _publisherLogger;
    private TaskCompletionSource<NodeRun> _registered = NewRegistration();
    private CancellationTokenSource _ownersLost = new();

    /// <param name="id">The id under which it sends; its epochs come with <see cref="Begin"/>.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="options">How it sends and waits.</param>
    /// <param name="metrics">What it measures.</param>
    /// <param name="receiver">Takes what is no answer.</param>
    /// <param name="time">The time.</param>
    /// <param name="loggers">Makes its logs.</param>
    public ClusterParticipant(
        string id,
        IClusterClient client,
        MessagingOptions options,
        MessagingMetrics metrics,
        IEnvelopeReceiver receiver,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Id = id;
        Client = client;
        Streams = client.ServiceProvider.GetRequiredService<IPacketStreams>();
        Options = options;
        Metrics = metrics;
        Time = time;
        Loggers = loggers;
        Recovery = new ClusterRecovery(time);
        Health = new ClusterHealth(id, time, loggers.CreateLogger<ClusterHealth>());
        Addresses = new StreamAddresses(this);
        Links = new NodeLinks(this);
        Requests = new ClusterRequests(this);
        Routes = new RouteCaches(time);
        _dispatcher = new EnvelopeDispatcher(this, receiver);
        _subscriber = new NodeStreamSubscriber(this, _dispatcher);
        _clock = new LinkClock(Links, _dispatcher, time);
        _publisherLogger = loggers.CreateLogger<Publisher>();
    }

    public string Id { get; }

    public IClusterClient Client { get; }

    public IGrainFactory Grains => Client;

    /// <summary>Opens packet streams.</summary>
    public IPacketStreams Streams { get; }

    public MessagingOptions Options { get; }

    public string ClusterKey => Options.ClusterKey;

    public MessagingMetrics Metrics { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>Which nodes live.</summary>
    public LivingNodesView Living { get; } = new();

    /// <summary>Where packets for each node go.</summary>
    public StreamAddresses Addresses { get; }

    /// <summary>Where packets for this process go, once it has a stream.</summary>
    public PacketStreamAddress? OwnAddress => _subscriber.Address;

    /// <summary>The same, if only this process can tell those that it sends to.</summary>
    public PacketStreamAddress? ReplyTo => Options.IsListed ? null : OwnAddress;

    /// <summary>This process has another stream, and publishers have to be told of <see cref="OwnAddress"/>.</summary>
    public event Action? StreamMoved
    {
        add => _subscriber.Moved += value;
        remove => _subscriber.Moved -= value;
    }

    /// <summary>Whether the cluster answers.</summary>
    public ClusterHealth Health { get; }

    /// <summary>When to try again what failed.</summary>
    public ClusterRecovery Recovery { get; }

    /// <summary>The ways to the nodes.</summary>
    public NodeLinks Links { get; }

    /// <summary>What waits for answers of nodes.</summary>
    public ClusterRequests Requests { get; }

    /// <summary>What this process, if it is a node, knows of where rooms have members.</summary>
    public RouteCaches Routes { get; }

    /// <summary>Cancelled when the directory says next that owners of rooms may have been lost: see <see cref="CallTokens"/>.</summary>
    public CancellationToken OwnersLost => Volatile.Read(ref _ownersLost).Token;

    public INodeDirectoryGrain Directory => Grains.GetGrain<INodeDirectoryGrain>(ClusterKey);

    /// <summary>The registration in force, or <see langword="null"/> while there is none.</summary>
    public NodeRun? CurrentRun
    {
        get
        {
            var registered = Volatile.Read(ref _registered).Task;
            return registered.IsCompletedSuccessfully ? registered.Result : null;
        }
    }

    /// <summary>Waits for a registration.</summary>
    public ValueTask<NodeRun> WhenRegisteredAsync(CancellationToken cancellationToken)
    {
        var registered = Volatile.Read(ref _registered).Task;
        return registered.IsCompletedSuccessfully ? new(registered.Result) : new(registered.WaitAsync(cancellationToken));
    }

    /// <summary>Begins to hand on what comes in. Call once.</summary>
    public void Start() => _dispatcher.Start();

    /// <summary>
    /// Opens a packet stream for a run, which is read from now on instead of that of the former, and replaced when it does not work any
    /// more; before <see cref="Begin"/>, so that no answer is missed.
    /// </summary>
    public Task SubscribeAsync(NodeIdentity run, CancellationToken cancellationToken) => _subscriber.SubscribeAsync(run, cancellationToken);

    /// <summary>The cluster may have lost the subscription to this process's stream: looks whether it still works.</summary>
    public void DoubtStream() => _subscriber.Doubt();

    /// <summary>From now on speaks in the name of a run. Callers see to it that runs do not overlap.</summary>
    public void Begin(NodeRun run) => Volatile.Read(ref _registered).SetResult(run);

    /// <summary>Speaks in nobody's name until the next run begins; what is sent waits.</summary>
    public void End(NodeRun run)
    {
        if (CurrentRun == run)
        {
            Volatile.Write(ref _registered, NewRegistration());
        }
    }

    /// <inheritdoc cref="EnvelopeDispatcher.TryTakeAcknowledgement"/>
    public bool TryTakeAcknowledgement(NodeIdentity publisher, bool onlyIfDue, out LinkAcknowledgement acknowledgement) =>
        _dispatcher.TryTakeAcknowledgement(publisher, onlyIfDue, out acknowledgement);

    /// <summary>
    /// Opens the way out of a namespace; disposing of it closes it. Of two for one namespace only the later hears of joins.
    /// </summary>
    public Publisher OpenPublisher(string ns)
    {
        // Who is in no directory can be asked by nobody to drop what it keeps.
        var publisher = new Publisher(this, ns, Options.IsListed ? Routes.Open(ns) : null, _publisherLogger);
        _publishers[ns] = publisher;
        return publisher;
    }

    /// <summary>A publisher is closed.</summary>
    public void Forget(Publisher publisher)
    {
        _publishers.TryRemove(new KeyValuePair<string, Publisher>(publisher.Namespace, publisher));
        if (publisher.Cache is { } cache)
        {
            Routes.Close(cache);
        }
    }

    /// <summary>Another node demands that routes be dropped, and hears when they are.</summary>
    public void DropRoutes(NodeIdentity from, Envelope demand)
    {
        Routes.Drop(demand);

        // Elsewhere: the caller is in the middle of a batch.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Links.Send(
                state.From, new Envelope
                {
                    Kind = EnvelopeKind.RoutesDropped,
                    Namespace = state.Demand.Namespace,
                    RequestId = state.Demand.RequestId,
                }),
            (Links, From: from, Demand: demand),
            preferLocal: true);
    }

    /// <summary>The owners know what became of a join on one node.</summary>
    public void ConfirmJoin(string ns, long requestId, NodeIdentity from)
    {
        if (_publishers.TryGetValue(ns, out var publisher))
        {
            publisher.ConfirmJoin(requestId, from);
        }
    }

    /// <summary>All living nodes, from the directory itself: one that registered a moment ago may be the one that matters.</summary>
    /// <exception cref="TimeoutException">The directory did not answer.</exception>
    public async Task<ImmutableArray<NodeIdentity>> FindEveryoneAsync(CancellationToken cancellationToken)
    {
        var view = await Directory.GetViewAsync(Living.Version, [])
            .WithinAsync(Options.CallTimeout, Time, cancellationToken).ConfigureAwait(false);
        return view is null ? Living.Everyone : Living.UniteEveryone(view);
    }

    /// <summary>The directory answered.</summary>
    /// <param name="view">Its view if there is news.</param>
    /// <param name="isOtherDirectory">Whether the directory has lost its memory since the last answer, and other grains may have.</param>
    /// <returns>The runs that are known from now on to have departed; whatever waited for them does so no more.</returns>
    public IReadOnlyList<NodeIdentity> OnDirectoryAnswered(DirectoryView? view, out bool isOtherDirectory)
    {
        isOtherDirectory = false;
        Health.Succeeded();
        IReadOnlyList<NodeIdentity> departed = [];
        if (view is not null)
        {
            // The first view tells of no loss: what is under way then was begun since this process came.
            var isRaised = Living.Generation is not 0 and var known && view.Generation > known;
            departed = Living.Accept(view, out isOtherDirectory);
            Routes.DropBefore(view.Generation);
            Addresses.Accept(view);
            OnDeparted(departed);
            if (isRaised)
            {
                // Elsewhere: those who wait go on with what they do.
                _ = Interlocked.Exchange(ref _ownersLost, new CancellationTokenSource()).CancelAsync();
            }
        }

        Recovery.DirectoryAnswered(isOtherDirectory);
        return departed;
    }

    /// <summary>The directory did not answer.</summary>
    public void OnDirectoryFailed(Exception exception)
    {
        Health.DirectoryFailed(exception);
        Recovery.DirectoryFailed();
    }

    /// <summary>Something in the cluster did not answer and will be tried again.</summary>
    public void ReportFailure(Exception exception) => Health.Failed(exception);

    /// <summary>Completes when everything sent so far has been put on the streams of the nodes.</summary>
    public async Task WhenSentAsync()
    {
        foreach (var (_, publisher) in _publishers)
        {
            await publisher.WhenIdleAsync().ConfigureAwait(false);
        }

        await Links.WhenIdleAsync().ConfigureAwait(false);
    }

    /// <summary>Gives up what waits, stops reading the packet stream, and hands on what has come in.</summary>
    public async Task StopAsync()
    {
        await _subscriber.UnsubscribeAsync().ConfigureAwait(false);
        Dispose();
        await _dispatcher.Completion.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _clock.Dispose();
        _subscriber.Dispose();
        Links.Dispose();
        Requests.Dispose();
        _dispatcher.Complete();
    }

    private static TaskCompletionSource<NodeRun> NewRegistration() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnDeparted(IReadOnlyList<NodeIdentity> departed)
    {
        foreach (var node in departed)
        {
            Links.Close(node);
            Requests.OnDeparted(node);
        }

        if (departed.Count > 0)
        {
            _dispatcher.Prune();
        }
    }
}
