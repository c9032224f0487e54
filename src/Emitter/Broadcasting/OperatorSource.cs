using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Emitter.Broadcasting;

/// <summary>What every operator can do: collect to whom something goes and how, and hand the result to its namespace.</summary>
internal abstract class OperatorSource : IEmitterOperator
{
    public IEmitterOperator Volatile => With(Selection.With(EnvelopeFlags.Volatile));

    /// <summary>What carries the wishes out.</summary>
    protected abstract EmitterNamespace Emitter { get; }

    /// <summary>The wishes so far.</summary>
    protected virtual Selection Selection => Selection.All;

    public IEmitterOperator To(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    public IEmitterOperator In(params ReadOnlySpan<string> rooms) => To(rooms);

    public IEmitterOperator Except(params ReadOnlySpan<string> rooms) => With(Selection.ButNot(rooms));

    public IEmitterOperator Compress(bool compress) => With(Selection.Compress(compress));

    public ITimedEmitterOperator Timeout(TimeSpan timeout) => new TimedEmitterOperator(Emitter, Selection with { Timeout = timeout });

    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Emitter.Emit(Selection, eventName, args, cancellationToken);

    public Task<IReadOnlyList<EmitterSocket>> FetchSocketsAsync(CancellationToken cancellationToken = default) =>
        Emitter.FetchSocketsAsync(Selection, cancellationToken);

    public ValueTask SocketsJoinAsync(params ReadOnlySpan<string> rooms) => SocketsJoinAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask SocketsJoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        Emitter.SocketsJoinAsync(Selection, rooms, cancellationToken);

    public ValueTask SocketsLeaveAsync(params ReadOnlySpan<string> rooms) => SocketsLeaveAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask SocketsLeaveAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default) =>
        Emitter.SocketsLeave(Selection, rooms, cancellationToken);

    public ValueTask DisconnectSocketsAsync(bool close = false, CancellationToken cancellationToken = default) =>
        Emitter.DisconnectSockets(Selection, close, cancellationToken);

    private EmitterOperator With(Selection selection) => new(Emitter, selection);
}
