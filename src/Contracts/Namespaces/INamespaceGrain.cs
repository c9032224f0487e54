using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Namespaces;

/// <summary>
/// Knows which nodes have a namespace and how many sockets each holds in it. Its grain key is
/// <see cref="NamespaceKey.ToGrainKey"/>.
/// </summary>
[Alias("rooms.INamespaceGrain")]
public interface INamespaceGrain : IGrainWithStringKey
{
    /// <summary>Takes a node's own account of itself. Idempotent; an older account than the one known is ignored.</summary>
    /// <returns><see langword="false"/> when the node's run is departed or superseded.</returns>
    [Alias("Apply")]
    ValueTask<bool> ApplyAsync(NamespacePresence presence);

    /// <summary>The nodes that have the namespace. Waits while the grain is incomplete.</summary>
    /// <param name="knownVersion">The grain first brings its view of living nodes at least up to here.</param>
    /// <exception cref="TimeoutException">The node directory was needed and did not answer, or the grain stayed incomplete.</exception>
    [Alias("GetNodes")]
    ValueTask<ImmutableArray<NamespaceNode>> GetNodesAsync(DirectoryVersion knownVersion);

    /// <summary>The nodes that have the namespace, as far as is known. Never waits for long: rather the answer is incomplete.</summary>
    [Alias("GetRoutes")]
    ValueTask<NamespaceRoutes> GetRoutesAsync();
}

/// <summary>Where a namespace is.</summary>
/// <param name="Nodes">The nodes that have it.</param>
/// <param name="IsComplete">
/// Whether these are all. If not, some node has yet to tell this grain again what a former activation knew, and what is sent to the
/// namespace has to go to every node.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.namespace-routes")]
public sealed record NamespaceRoutes([property: Id(0)] ImmutableArray<NamespaceNode> Nodes, [property: Id(1)] bool IsComplete);

/// <summary>A node's account of itself in one namespace.</summary>
/// <param name="Node">The node.</param>
/// <param name="Version">Counts the accounts of this run for this namespace.</param>
/// <param name="IsPresent">Whether the node has the namespace.</param>
/// <param name="Sockets">How many sockets the node holds in it.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.namespace-presence")]
public sealed record NamespacePresence(
    [property: Id(0)] NodeIdentity Node, [property: Id(1)] long Version, [property: Id(2)] bool IsPresent, [property: Id(3)] int Sockets);

/// <summary>One node of a namespace.</summary>
/// <param name="Node">The node.</param>
/// <param name="Sockets">How many sockets it holds in the namespace.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.namespace-node")]
public readonly record struct NamespaceNode([property: Id(0)] NodeIdentity Node, [property: Id(1)] int Sockets);
