using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>A broadcast operator that may ask for answers, because they have a time.</summary>
internal sealed class TimedBroadcastOperator(IBroadcaster broadcaster, BroadcastOptions options) : BroadcastSource, ITimedBroadcastOperator
{
    ITimedBroadcastOperator ITimedBroadcastOperator.Local => With(Selection.With(BroadcastFlags.Local));

    ITimedBroadcastOperator ITimedBroadcastOperator.Volatile => With(Selection.With(BroadcastFlags.Volatile));

    ITimedBroadcastOperator ITimedBroadcastOperator.To(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    ITimedBroadcastOperator ITimedBroadcastOperator.In(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    ITimedBroadcastOperator ITimedBroadcastOperator.Except(params ReadOnlySpan<string> rooms) => With(Selection.ButNot(rooms));

    ITimedBroadcastOperator ITimedBroadcastOperator.Compress(bool compress) => With(Compressed(Selection, compress));

    protected override IBroadcaster Broadcaster { get; } = broadcaster;

    protected override BroadcastOptions Selection { get; } = options;

    public Task<IReadOnlyList<T>> EmitWithAckCoreAsync<T>(
        string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Broadcaster.EmitWithAckAsync<T>(eventName, args, Selection, cancellationToken);

    public IAsyncEnumerable<T> EmitWithAckStreamCoreAsync<T>(
        string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Broadcaster.EmitWithAckStreamAsync<T>(eventName, args, Selection, cancellationToken);

    private TimedBroadcastOperator With(BroadcastOptions changed) => new(Broadcaster, changed);
}
