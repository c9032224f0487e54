using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>
/// Packet streams within a process that do to batches what a cluster may do when silos die: lose them, double them, hold them back behind
/// later ones, fail before or after they were taken.
/// </summary>
/// <param name="faults">How many of a thousand batches suffer each kind of fault.</param>
internal sealed class FaultyStreams(int faults) : IPacketStreams
{
    private readonly ConcurrentDictionary<PacketStreamAddress, Stream> _streams = new();
    private readonly Random _random = new(20260101);
    private int _faults = faults;

    /// <summary>Batches sent, and of these how many carried nothing but acknowledgements.</summary>
    public (int Batches, int Acknowledgements) Sent => (Volatile.Read(ref _batches), Volatile.Read(ref _acknowledgements));

    private int _batches;
    private int _acknowledgements;

    /// <summary>How many batches with envelopes were posted, that is sent without waiting for an answer.</summary>
    public int Posted => Volatile.Read(ref _posted);

    private int _posted;

    /// <summary>Until it completes, no send that waits for an answer does, though what is sent arrives.</summary>
    public Task Returning { get; set; } = Task.CompletedTask;

    /// <summary>Everything that it sends is lost.</summary>
    public NodeIdentity? Mute { get; set; }

    /// <summary>A stream that takes nothing, and says so.</summary>
    public PacketStreamAddress? Closed { get; set; }

    /// <summary>A stream by which nothing arrives any more, not even probes, and nobody is told.</summary>
    public PacketStreamAddress? Silent { get; set; }

    /// <summary>Completes when something has gone into it.</summary>
    public Task HasSwallowed => _hasSwallowed.Task;

    private readonly TaskCompletionSource _hasSwallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Repair() => Volatile.Write(ref _faults, 0);

    public ValueTask<PacketStreamAddress> OpenAsync(string clusterKey, NodeIdentity node, long number) =>
        new(new PacketStreamAddress(node, number, ""));

    public IAsyncStream<EnvelopeBatch> Get(string clusterKey, PacketStreamAddress address) =>
        _streams.GetOrAdd(address, static (key, self) => new Stream(self, key), this);

    public ValueTask CloseAsync(string clusterKey, PacketStreamAddress address) => ValueTask.CompletedTask;

    private bool IsStruck()
    {
        lock (_random)
        {
            return _random.Next(1000) < Volatile.Read(ref _faults);
        }
    }

    private sealed class Stream(FaultyStreams streams, PacketStreamAddress address) : IAsyncStream<EnvelopeBatch>
    {
        private readonly StreamId _id = address.ToStreamId("test");
        private readonly Lock _lock = new();
        private readonly List<EnvelopeBatch> _heldBack = [];
        private Func<EnvelopeBatch, StreamSequenceToken, Task>? _reader;

        public bool IsRewindable => false;

        public string ProviderName => NodeStreams.ProviderName;

        public StreamId StreamId => _id;

        public async Task OnNextAsync(EnvelopeBatch item, StreamSequenceToken? token = null)
        {
            if (streams.Silent == address)
            {
                streams._hasSwallowed.TrySetResult();
                return;
            }

            if (item.From == address.Node)
            {
                // A probe: a stream that strikes those would be given up.
                await DeliverAsync(item);
                return;
            }

            Interlocked.Increment(ref streams._batches);
            if (item.Envelopes.Length == 0) Interlocked.Increment(ref streams._acknowledgements);
            if (streams.Closed == address) throw new PacketStreamException(PacketStreamOutcome.Closed, "The stream is closed.");
            if ((item.Flags & LinkFlags.Posted) != 0)
            {
                // Nobody waits for it, and nobody hears of it when it fails.
                if (item.Envelopes.Length > 0) Interlocked.Increment(ref streams._posted);
                _ = CarryAsync(item);
                return;
            }

            await Task.Yield();
            if (streams.IsStruck()) throw new TimeoutException("The batch was not taken.");
            await CarryAsync(item);
            await streams.Returning;
            if (streams.IsStruck()) throw new TimeoutException("The batch was taken, but nobody knows.");
        }

        public Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(
            Func<EnvelopeBatch, StreamSequenceToken, Task> onNextAsync, Func<Exception, Task> onErrorAsync, Func<Task> onCompletedAsync) =>
            SubscribeAsync(onNextAsync);

        public Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(IAsyncObserver<EnvelopeBatch> observer) =>
            SubscribeAsync((item, token) => observer.OnNextAsync(item, token));

        public Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(
            IAsyncObserver<EnvelopeBatch> observer, StreamSequenceToken? token, string? filterData = null) => SubscribeAsync(observer);

        public Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(IAsyncBatchObserver<EnvelopeBatch> observer) =>
            throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(
            IAsyncBatchObserver<EnvelopeBatch> observer, StreamSequenceToken? token) => throw new NotSupportedException();

        public Task<IList<StreamSubscriptionHandle<EnvelopeBatch>>> GetAllSubscriptionHandles() => throw new NotSupportedException();

        public Task OnNextBatchAsync(IEnumerable<EnvelopeBatch> batch, StreamSequenceToken? token = null) =>
            throw new NotSupportedException();

        public Task OnCompletedAsync() => throw new NotSupportedException();

        public Task OnErrorAsync(Exception ex) => throw new NotSupportedException();

        public bool Equals(IAsyncStream<EnvelopeBatch>? other) => ReferenceEquals(this, other);

        public int CompareTo(IAsyncStream<EnvelopeBatch>? other) => throw new NotSupportedException();

        private Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(Func<EnvelopeBatch, StreamSequenceToken, Task> reader)
        {
            _reader = reader;
            return Task.FromResult<StreamSubscriptionHandle<EnvelopeBatch>>(new Subscription(_id));
        }

        private async Task CarryAsync(EnvelopeBatch item)
        {
            if (streams.Mute == item.From || streams.IsStruck()) return;
            if (streams.IsStruck())
            {
                lock (_lock) _heldBack.Add(item);
                return;
            }

            await DeliverAsync(item);
            if (streams.IsStruck()) await DeliverAsync(item);
        }

        private async Task DeliverAsync(EnvelopeBatch item)
        {
            if (_reader is not { } reader) return;
            await reader(item, null!);
            EnvelopeBatch[] late;
            lock (_lock)
            {
                late = [.. _heldBack];
                _heldBack.Clear();
            }

            foreach (var batch in late) await reader(batch, null!);
        }
    }

    private sealed class Subscription(StreamId id) : StreamSubscriptionHandle<EnvelopeBatch>
    {
        public override StreamId StreamId => id;

        public override string ProviderName => NodeStreams.ProviderName;

        public override Guid HandleId => Guid.Empty;

        public override Task UnsubscribeAsync() => Task.CompletedTask;

        public override Task<StreamSubscriptionHandle<EnvelopeBatch>> ResumeAsync(
            IAsyncObserver<EnvelopeBatch> observer, StreamSequenceToken? token = null) =>
            throw new NotSupportedException();

        public override Task<StreamSubscriptionHandle<EnvelopeBatch>> ResumeAsync(
            IAsyncBatchObserver<EnvelopeBatch> observer, StreamSequenceToken? token = null) => throw new NotSupportedException();

        public override bool Equals(StreamSubscriptionHandle<EnvelopeBatch>? other) => ReferenceEquals(this, other);
    }
}
