using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// The packet streams: one per run of a node, written by publishers and by room owners, read only by that node. This is the only place
/// that makes their ids.
/// </summary>
public static class NodeStreams
{
    /// <summary>The name of the stream provider that carries packets.</summary>
    public const string ProviderName = "Rooms";

    /// <summary>The first part of every packet stream's id.</summary>
    public const string StreamNamespace = "rooms.packets";

    /// <summary>
    /// The packet stream of one run of a node. Every run has a fresh stream, so subscriptions that a former run left behind cannot
    /// reach it.
    /// </summary>
    public static StreamId IdOf(string clusterKey, NodeIdentity node) => StreamId.Create(StreamNamespace, $"{clusterKey}/{node}");

    /// <summary>Opens the packet stream of one run of a node.</summary>
    public static IAsyncStream<EnvelopeBatch> Open(IStreamProvider provider, string clusterKey, NodeIdentity node)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.GetStream<EnvelopeBatch>(IdOf(clusterKey, node));
    }
}
