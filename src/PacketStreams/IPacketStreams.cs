using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// The packet streams of the cluster, whichever provider carries them. Registered by <c>AddRooms</c> in silos and clients. Thread-safe.
/// </summary>
public interface IPacketStreams
{
    /// <summary>
    /// Opens a new stream for a run of a node: in the silo of this process if it is one, else in a silo that takes it. The node then
    /// subscribes to it, and keeps it by reading: a stream of which nothing is read for <see cref="PacketStreamOptions.Lease"/> is
    /// closed.
    /// </summary>
    /// <param name="clusterKey">The cluster key.</param>
    /// <param name="node">The run.</param>
    /// <param name="number">The number of the new stream; higher than that of every former stream of the run.</param>
    /// <exception cref="PacketStreamException">The silo has no room for another stream.</exception>
    ValueTask<PacketStreamAddress> OpenAsync(string clusterKey, NodeIdentity node, long number);

    /// <summary>
    /// Reads a stream whose home is the silo of this process without a subscription: who sends calls the reader. That saves the queue,
    /// its pulling agent and a call of Orleans with its response for each delivery.
    /// </summary>
    /// <param name="clusterKey">The cluster key.</param>
    /// <param name="address">The stream, which was opened just now and of which nobody knows yet.</param>
    /// <param name="reader">Called by each sender, several at once perhaps. It must neither wait nor throw.</param>
    /// <returns>Whether it is so; if not, the stream has to be subscribed to.</returns>
    bool TryRead(string clusterKey, PacketStreamAddress address, Action<EnvelopeBatch> reader) => false;

    /// <summary>
    /// The stream at an address, to send to or to subscribe to. It has one reader. A send completes when the batch waits for the reader,
    /// and fails with <see cref="PacketStreamException"/> when the queue is full or the stream closed.
    /// </summary>
    IAsyncStream<EnvelopeBatch> Get(string clusterKey, PacketStreamAddress address);

    /// <summary>Closes a stream that nobody will read any more, and gives up what waits in it. Unknown ones are ignored.</summary>
    ValueTask CloseAsync(string clusterKey, PacketStreamAddress address);
}
