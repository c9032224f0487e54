namespace OrleansRooms.Emitter.Broadcasting;

/// <summary>An operator to which something has been added. Immutable.</summary>
internal sealed class EmitterOperator(EmitterNamespace emitter, Selection selection) : OperatorSource
{
    protected override EmitterNamespace Emitter { get; } = emitter;

    protected override Selection Selection { get; } = selection;
}
