using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>
/// Owns one room. It comes up in the silo of whoever speaks to it first, usually a node with a member: what that node sends to the room is routed
/// without leaving the process if the node is in the silo too.
/// </summary>
[GrainType("rooms.room")]
[PreferLocalPlacement]
[Reentrant]
[CollectionAgeLimit(Minutes = EmptyMinutes)]
internal sealed class RoomGrain : RoomOwnerGrain, IRoomGrain
{
    /// <summary>How long an empty room without calls stays; long enough for members who come and go not to pay for activations.</summary>
    internal const double EmptyMinutes = 2;

    private readonly RoomKey _key;
    private readonly RoomOwnerServices _services;

    public RoomGrain(IGrainContext context, RoomOwnerServices services)
        : this(context, services, RoomKey.Parse(context.GrainId.Key.ToString()!))
    {
    }

    private RoomGrain(IGrainContext context, RoomOwnerServices services, RoomKey key)
        : base(context, services, key.ClusterKey, key.Namespace)
    {
        _key = key;
        _services = services;
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (RoomIndexKey.Lists(_key.Room))
        {
            var interval = _services.Options.Value.SilenceInterval;
            this.RegisterGrainTimer(CheckSilentAsync, new GrainTimerCreationOptions(interval, interval) { Interleave = true });
        }

        return Task.CompletedTask;
    }

    protected override bool Owns(string room) => room == _key.Room;

    // A node with members here says so every VerifyInterval. One that does not may have none: what it said last was lost, or went to another activation, and
    // now it has no reason to speak of the room any more. The index knows, because the node speaks of all its rooms there.
    private async Task CheckSilentAsync(CancellationToken cancellationToken)
    {
        var silent = new List<NodeIdentity>();
        TakeSilent(silent);
        if (silent.Count == 0)
        {
            return;
        }

        try
        {
            var index = _services.Runtime.GrainFactory.GetGrain<IRoomIndexGrain>(
                RoomIndexKey.Of(_key.ClusterKey, _key.Namespace, _key.Room).ToGrainKey());
            var routes = await index.GetNodesAsync([_key.Room]).AsTask().WaitAsync(cancellationToken);
            foreach (var node in silent)
            {
                if (routes.IsComplete && !routes.Nodes[0].Contains(node))
                {
                    DropSilent(node);
                }
            }
        }
#pragma warning disable CA1031 // The next time will do.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The index cannot be asked now.
        }
    }
}
