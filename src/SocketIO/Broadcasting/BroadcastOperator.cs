using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>A broadcast operator to which something has been added. Immutable.</summary>
internal sealed class BroadcastOperator(IBroadcaster broadcaster, BroadcastOptions options) : BroadcastSource
{
    protected override IBroadcaster Broadcaster { get; } = broadcaster;

    protected override BroadcastOptions Selection { get; } = options;
}
