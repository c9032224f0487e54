using System.Collections.Immutable;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Contracts.Nodes;

/// <summary>
/// The one place that knows which nodes live. There is one per cluster key (its grain key); it is never on a packet's way.
/// </summary>
/// <remarks>
/// A node holds a lease that its own heartbeats renew. After it was activated anew, the directory first listens for a whole lease before
/// it declares anyone dead. All members are idempotent.
/// </remarks>
[Alias("rooms.INodeDirectoryGrain")]
public interface INodeDirectoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts a node's lease under a new epoch, which is higher than every epoch of the same id that the directory, or the node by
    /// <paramref name="lastEpoch"/>, knows of. A former run of the same id is declared departed.
    /// </summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="lastEpoch">The epoch of this process's former registration, or 0.</param>
    [Alias("Register")]
    ValueTask<NodeRegistration> RegisterAsync(string nodeId, long lastEpoch);

    /// <summary>Renews a node's lease.</summary>
    /// <param name="node">The node.</param>
    /// <param name="knownVersion">The version of the view that the node has; the reply carries the view if it is another.</param>
    /// <param name="stream">
    /// Where packets for the node go, if it knows: publishers learn of it by the view. Of two addresses of a run the one with the higher number holds,
    /// whichever comes first.
    /// </param>
    [Alias("Heartbeat")]
    ValueTask<HeartbeatReply> HeartbeatAsync(NodeIdentity node, DirectoryVersion knownVersion, PacketStreamAddress? stream = null);

    /// <summary>Ends a node's lease because it is stopping.</summary>
    [Alias("Leave")]
    ValueTask LeaveAsync(NodeIdentity node);

    /// <summary>The directory's view, for silos; <see langword="null"/> when it is still at <paramref name="knownVersion"/>.</summary>
    /// <param name="knownVersion">The version that the caller has.</param>
    /// <param name="inUse">
    /// The runs of which the caller's rooms hold sockets, but which its view does not list as living. A directory that never heard of one gives it
    /// a lease; if it does not use that, it is declared departed like any other. So a node that died together with the directory's
    /// silo is not forgotten.
    /// </param>
    [Alias("GetView")]
    ValueTask<DirectoryView?> GetViewAsync(DirectoryVersion knownVersion, ImmutableArray<NodeIdentity> inUse);
}

/// <summary>The state of the directory: which activation of its grain, and how many changes since.</summary>
/// <param name="Activation">Differs for every activation; later ones are higher.</param>
/// <param name="Change">Counts the changes within the activation.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.directory-version")]
public readonly record struct DirectoryVersion([property: Id(0)] long Activation, [property: Id(1)] long Change);

/// <summary>The answer to a registration.</summary>
/// <param name="Node">The identity of this run.</param>
/// <param name="Lease">How long the registration lasts without a heartbeat.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.node-registration")]
public sealed record NodeRegistration([property: Id(0)] NodeIdentity Node, [property: Id(1)] TimeSpan Lease);

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Status">Whether the lease was renewed.</param>
/// <param name="View">The current view, if the node's is out of date.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.heartbeat-reply")]
public sealed record HeartbeatReply([property: Id(0)] HeartbeatStatus Status, [property: Id(1)] DirectoryView? View);

/// <summary>What became of a heartbeat.</summary>
[GenerateSerializer]
[Alias("rooms.heartbeat-status")]
public enum HeartbeatStatus
{
    /// <summary>The lease was renewed. A directory that lost its state adopts a node it never heard of by its heartbeat.</summary>
    Renewed = 0,

    /// <summary>The node was declared departed, or a newer run of the same id registered. It has to register again and announce all it holds.</summary>
    Fenced = 1,
}

/// <summary>The directory's view of the cluster.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Living">
/// The runs with a lease. A directory that was activated anew learns of them by their heartbeats, so a living run may be missing for a while.
/// </param>
/// <param name="Departed">The runs that left or died not long ago. Only a run listed here is dead for certain, and it never returns.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.directory-view")]
public sealed record DirectoryView(
    [property: Id(0)] DirectoryVersion Version,
    [property: Id(1)] ImmutableArray<NodeIdentity> Living,
    [property: Id(2)] ImmutableArray<NodeIdentity> Departed)
{
    /// <summary>
    /// Where packets for living runs go. A run is missing while the directory has not heard its address; one that was known before still holds then.
    /// </summary>
    [Id(5)]
    public ImmutableArray<PacketStreamAddress> Streams { get; init; } = [];
}
