using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Emitter.Broadcasting;

/// <summary>An operator that may ask for answers, because they have a time.</summary>
internal sealed class TimedEmitterOperator(EmitterNamespace emitter, Selection selection) : OperatorSource, ITimedEmitterOperator
{
    ITimedEmitterOperator ITimedEmitterOperator.Volatile => With(Selection.With(EnvelopeFlags.Volatile));

    protected override EmitterNamespace Emitter { get; } = emitter;

    protected override Selection Selection { get; } = selection;

    ITimedEmitterOperator ITimedEmitterOperator.To(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    ITimedEmitterOperator ITimedEmitterOperator.In(params ReadOnlySpan<string> rooms) => With(Selection.To(rooms));

    ITimedEmitterOperator ITimedEmitterOperator.Except(params ReadOnlySpan<string> rooms) => With(Selection.ButNot(rooms));

    ITimedEmitterOperator ITimedEmitterOperator.Compress(bool compress) => With(Selection.Compress(compress));

    public Task<IReadOnlyList<T>> EmitWithAckCoreAsync<T>(
        string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Emitter.EmitWithAckAsync<T>(Selection, eventName, args, cancellationToken);

    private TimedEmitterOperator With(Selection selection) => new(Emitter, selection);
}
