using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Contracts.Nodes;

/// <summary>
/// The one place that knows which nodes live. There is one per cluster key (its grain key); it is never on a packet's way.
/// </summary>
/// <remarks>
/// <para>
/// A node holds a lease that its own heartbeats renew. After it was activated anew, the directory first listens for a whole lease before
/// it declares anyone dead. All members are idempotent.
/// </para>
/// <para>
/// The directory also keeps the <em>generation</em>: a number that rises whenever owners of rooms and namespaces may have lost what nodes
/// told them, because a silo died, an owner with members was deactivated, or the directory itself was activated anew. Each node then tells
/// all its owners again and confirms the generation with its heartbeats. What an owner knows that was activated under some generation is
/// everything as soon as every living node has confirmed it.
/// </para>
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
    /// <param name="confirmedGeneration">
    /// The generation that the node has confirmed: since it heard of it, every owner has been told all that the node holds.
    /// </param>
    /// <param name="stream">
    /// Where packets for the node go, if it knows: publishers learn of it by the view. Of two addresses of a run the one with the higher
    /// number holds, whichever comes first.
    /// </param>
    [Alias("Heartbeat")]
    ValueTask<HeartbeatReply> HeartbeatAsync(
        NodeIdentity node, DirectoryVersion knownVersion, long confirmedGeneration, PacketStreamAddress? stream = null);

    /// <summary>Ends a node's lease because it is stopping.</summary>
    [Alias("Leave")]
    ValueTask LeaveAsync(NodeIdentity node);

    /// <summary>The directory's view, for silos; <see langword="null"/> when it is still at <paramref name="knownVersion"/>.</summary>
    /// <param name="knownVersion">The version that the caller has.</param>
    /// <param name="inUse">
    /// The runs of which the caller's rooms hold sockets, but which its view does not list as living. A directory that never heard of one
    /// gives it a lease; if it does not use that, it is declared departed like any other. So a node that died together with the directory's
    /// silo is not forgotten.
    /// </param>
    [Alias("GetView")]
    ValueTask<DirectoryView?> GetViewAsync(DirectoryVersion knownVersion, ImmutableArray<NodeIdentity> inUse);

    /// <summary>
    /// The view for owners that have just come up in a silo and want the generation in force. Raises it first if silos ended that the
    /// directory has not heard of yet: an owner comes up in place of one that was lost only after that one's silo has ended in the table of
    /// Orleans' membership.
    /// </summary>
    /// <param name="knownVersion">The version that the caller has.</param>
    /// <param name="ended">
    /// The silos that have ended, or are about to, by a look into the table after the owners came up; what was given to the activation of
    /// <paramref name="knownVersion"/> before may be left out.
    /// </param>
    /// <returns><see langword="null"/> when the view is still at <paramref name="knownVersion"/>.</returns>
    [Alias("GetViewForOwners")]
    ValueTask<DirectoryView?> GetViewForOwnersAsync(DirectoryVersion knownVersion, ImmutableArray<EndedSilo> ended);

    /// <summary>Waits for news, so that nodes and silos hear at once what they would otherwise hear with their next question.</summary>
    /// <param name="knownVersion">The version that the caller has.</param>
    /// <param name="patience">How long to wait; at most 10 seconds.</param>
    /// <returns>The view, as soon as it is another than the caller's; <see langword="null"/> when there were no news.</returns>
    [AlwaysInterleave]
    [Alias("Watch")]
    ValueTask<DirectoryView?> WatchAsync(DirectoryVersion knownVersion, TimeSpan patience);

    /// <summary>Reports that owners may have lost what nodes told them, which raises the generation.</summary>
    /// <param name="cause">
    /// What happened, if it may be reported by several silos and counts once, such as a silo's death; empty for owners that were
    /// deactivated with members.
    /// </param>
    [Alias("ReportLoss")]
    ValueTask ReportLossAsync(string cause);
}

/// <summary>A silo whose owners are lost, or about to be.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="IsDead">
/// Whether it has ended rather than is about to. Both count: while it stops, its owners still take what nodes tell them again, and it may
/// be killed before they could say that they are lost.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.ended-silo")]
public readonly record struct EndedSilo([property: Id(0)] SiloAddress Silo, [property: Id(1)] bool IsDead);

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
/// <param name="Generation">The generation in force, which counts as confirmed: nobody was told anything by this run yet.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.node-registration")]
public sealed record NodeRegistration(
    [property: Id(0)] NodeIdentity Node, [property: Id(1)] TimeSpan Lease, [property: Id(2)] long Generation);

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

    /// <summary>
    /// The node was declared departed, or a newer run of the same id registered. It has to register again and announce all it holds.
    /// </summary>
    Fenced = 1,
}

/// <summary>The directory's view of the cluster.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Living">
/// The runs with a lease. A directory that was activated anew learns of them by their heartbeats, so a living run may be missing for a
/// while.
/// </param>
/// <param name="Departed">The runs that left or died not long ago. Only a run listed here is dead for certain, and it never
/// returns.</param>
/// <param name="Generation">Rises whenever owners may have lost members; grows from one activation of the directory to the next.</param>
/// <param name="Settled">
/// The generation that every living node has confirmed. 0 while a directory that was activated anew still listens for nodes it may not know
/// of.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.directory-view")]
public sealed record DirectoryView(
    [property: Id(0)] DirectoryVersion Version,
    [property: Id(1)] ImmutableArray<NodeIdentity> Living,
    [property: Id(2)] ImmutableArray<NodeIdentity> Departed,
    [property: Id(3)] long Generation,
    [property: Id(4)] long Settled)
{
    /// <summary>
    /// Where packets for living runs go. A run is missing while the directory has not heard its address; one that was known before still
    /// holds then.
    /// </summary>
    [Id(5)]
    public ImmutableArray<PacketStreamAddress> Streams { get; init; } = [];

    /// <summary>Whether every living node has told its owners again what they may have lost.</summary>
    public bool IsSettled => Settled >= Generation;
}
