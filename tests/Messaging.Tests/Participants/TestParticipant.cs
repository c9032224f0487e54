using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Delivery;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>A participant that writes down what comes to it.</summary>
internal sealed class TestParticipant : IEnvelopeReceiver, IAsyncDisposable
{
    public const int MaxPendingRequests = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _received = [];
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestParticipant(
        string id, IPacketStreams streams, long maxReceivedBytes, long maxQueuedBytes, TimeSpan callTimeout, TimeProvider time,
        bool isListed)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var options = new MessagingOptions
        {
            ClusterKey = "test",
            CallTimeout = callTimeout,
            JoinTimeout = TimeSpan.FromSeconds(5),
            MaxPendingRequests = MaxPendingRequests,
            MaxMessageBytes = 16 * 1024 * 1024,
            MaxAnswerBytes = 1024 * 1024,
            MaxQueuedMessages = 100_000,
            MaxQueuedBytes = maxQueuedBytes,
            MaxReceivedBytes = maxReceivedBytes,
            IsListed = isListed,
        };
        Participant = new ClusterParticipant(
            id, StreamsOnlyClient.Of(streams), options, new MessagingMetrics(meters), this, time, NullLoggerFactory.Instance);
    }

    public ClusterParticipant Participant { get; }

    public NodeIdentity Identity => Participant.CurrentRun!.Identity;

    public static async Task<TestParticipant> StartAsync(
        string id,
        IPacketStreams streams,
        long maxReceivedBytes = 64 * 1024 * 1024,
        TimeSpan? callTimeout = null,
        TimeProvider? time = null,
        bool isListed = false,
        long maxQueuedBytes = 64 * 1024 * 1024)
    {
        var participant = new TestParticipant(
            id, streams, maxReceivedBytes, maxQueuedBytes, callTimeout ?? TimeSpan.FromSeconds(3), time ?? TimeProvider.System, isListed);
        participant.Participant.Start();
        await participant.RegisterAsync(1);
        return participant;
    }

    /// <summary>Speaks under another epoch from now on.</summary>
    public async Task RegisterAsync(long epoch)
    {
        var run = new NodeRun(new NodeIdentity(Participant.Id, epoch));
        await Participant.SubscribeAsync(run.Identity, CancellationToken.None);
        if (Participant.CurrentRun is { } former) Participant.End(former);
        Participant.Begin(run);
    }

    public void Send(TestParticipant to, string text, int size = 0, string ns = "/")
    {
        // There is no directory to learn it from; where to answer the others say themselves.
        Participant.Addresses.Learn(to.Participant.OwnAddress!);
        Participant.Links.Add(
            to.Identity, new OutboundMessage(
                new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = ns, Rooms = [text], Payload = new byte[size] }))?.Notify();
    }

    /// <summary>Takes nothing until <see cref="GoOn"/>.</summary>
    public void Stall() => _gate.Reset();

    public void GoOn() => _gate.Set();

    public string[] ReceivedFrom(TestParticipant publisher)
    {
        lock (_lock)
        {
            return _received.TryGetValue(publisher.Participant.Id, out var received) ? [.. received] : [];
        }
    }

    public async Task<string[]> WaitAsync(TestParticipant publisher, int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock) changed = _changed.Task;
            var received = ReceivedFrom(publisher);
            if (received.Length >= count) return received;
            await changed.WaitAsync(Patience);
        }
    }

    void IEnvelopeReceiver.Deliver(NodeIdentity from, Envelope envelope)
    {
        _gate.Wait(Patience);
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (!_received.TryGetValue(from.Id, out var received)) _received[from.Id] = received = [];
            received.Add(envelope.Rooms[0]);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await Participant.StopAsync();
    }
}
