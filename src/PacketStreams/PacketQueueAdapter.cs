using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// The sending side of the packet stream provider: puts batches into the queue in the stream's home silo. If that is the silo of this
/// process it is a method call, else one call of a grain service.
/// </summary>
internal sealed class PacketQueueAdapter(
    string name, IGrainFactory grains, ILocalPacketStreams? local, Func<QueueId, IQueueAdapterReceiver>? receivers) : IQueueAdapter
{
    // What a stream's id says of its home. Ids go out of use when nodes move or restart, so this starts afresh now and then.
    private const int MaxTargets = 10_000;
    private readonly ConcurrentDictionary<StreamId, Target> _targets = new();

    public string Name => name;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction =>
        receivers is null ? StreamProviderDirection.WriteOnly : StreamProviderDirection.ReadWrite;

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        ArgumentNullException.ThrowIfNull(events);
        var target = TargetOf(streamId);
        // A send is one event, except for callers of OnNextBatchAsync.
        if (events is T[] { Length: 1 } single)
        {
            return SendAsync(streamId, target, BatchOf(single[0]));
        }

        return SendAllAsync(streamId, target, events);
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) =>
        receivers?.Invoke(queueId) ?? throw new NotSupportedException("Clients send to packet streams; silos read their queues.");

    private static EnvelopeBatch BatchOf<T>(T item) =>
        item as EnvelopeBatch ?? throw new NotSupportedException($"Packet streams carry {nameof(EnvelopeBatch)} and no {typeof(T).Name}.");

    private static void ThrowUnlessAccepted(PacketStreamOutcome outcome, StreamId stream)
    {
        switch (outcome)
        {
            case PacketStreamOutcome.Accepted:
                return;
            case PacketStreamOutcome.Full:
                throw new PacketStreamException(outcome, $"The stream {stream} is full; its node is slower than those that send to it.");
            default:
                throw new PacketStreamException(
                    outcome, $"The stream {stream} is closed; the node directory knows the node's present one.");
        }
    }

    private async Task SendAllAsync<T>(StreamId stream, Target target, IEnumerable<T> events)
    {
        foreach (var item in events)
        {
            await SendAsync(stream, target, BatchOf(item));
        }
    }

    private Task SendAsync(StreamId stream, Target target, EnvelopeBatch batch)
    {
        if (target.Service is null)
        {
            ThrowUnlessAccepted(local!.Send(stream, batch), stream);
            return Task.CompletedTask;
        }

        return (batch.Flags & LinkFlags.Posted) != 0
            ? target.Service.PostAsync(stream, batch).AsTask()
            : SendRemoteAsync(target.Service, stream, batch);
    }

    private static async Task SendRemoteAsync(IPacketStreamService service, StreamId stream, EnvelopeBatch batch) =>
        ThrowUnlessAccepted(await service.SendAsync(stream, batch), stream);

    private Target TargetOf(StreamId stream)
    {
        if (_targets.TryGetValue(stream, out var target))
        {
            return target;
        }

        var home = PacketStreamAddress.HomeOf(stream);
        target = new Target(local is not null && local.Silo.Equals(home) ? null : PacketStreamServices.Of(grains, home));
        if (_targets.Count >= MaxTargets)
        {
            _targets.Clear();
        }

        _targets[stream] = target;
        return target;
    }

    /// <param name="Service">The service of the home silo, or <see langword="null"/> when that is this process.</param>
    private sealed record Target(IPacketStreamService? Service);
}
