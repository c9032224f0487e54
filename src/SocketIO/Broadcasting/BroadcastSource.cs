using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>What every broadcast operator can do: collect to whom an event goes and how, and hand the result to a broadcaster.</summary>
internal abstract class BroadcastSource : IBroadcastOperator
{
    public IBroadcastOperator Local => With(Selection.With(BroadcastFlags.Local));

    public IBroadcastOperator Volatile => With(Selection.With(BroadcastFlags.Volatile));

    /// <summary>What carries the wishes out.</summary>
    protected abstract IBroadcaster Broadcaster { get; }

    /// <summary>The wishes so far.</summary>
    protected virtual BroadcastOptions Selection => BroadcastOptions.All;

    public IBroadcastOperator To(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    public IBroadcastOperator In(params ReadOnlySpan<string> rooms) => To(rooms);

    public IBroadcastOperator Except(params ReadOnlySpan<string> rooms) => With(Selection.ButNot(rooms));

    public IBroadcastOperator Compress(bool compress) => With(Compressed(Selection, compress));

    public ITimedBroadcastOperator Timeout(TimeSpan timeout) =>
        new TimedBroadcastOperator(Broadcaster, Selection with { Timeout = timeout });

    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Broadcaster.EmitAsync(eventName, args, Selection, cancellationToken);

    public Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(CancellationToken cancellationToken = default) =>
        Broadcaster.FetchSocketsAsync(Selection, cancellationToken);

    public ValueTask SocketsJoinAsync(params ReadOnlySpan<string> rooms) => SocketsJoinAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask SocketsJoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        Broadcaster.SocketsJoinAsync(Selection, rooms, cancellationToken);

    public ValueTask SocketsLeaveAsync(params ReadOnlySpan<string> rooms) => SocketsLeaveAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask SocketsLeaveAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        Broadcaster.SocketsLeaveAsync(Selection, rooms, cancellationToken);

    public ValueTask DisconnectSocketsAsync(bool close = false, CancellationToken cancellationToken = default) =>
        Broadcaster.DisconnectSocketsAsync(Selection, close, cancellationToken);

    protected static BroadcastOptions Compressed(BroadcastOptions options, bool compress) => compress
        ? options with { Flags = options.Flags & ~BroadcastFlags.NoCompress }
        : options.With(BroadcastFlags.NoCompress);

    private BroadcastOperator With(BroadcastOptions options) => new(Broadcaster, options);
}
