using Orleans.Runtime;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>The packet streams whose home is the silo of this process. Thread-safe.</summary>
internal interface ILocalPacketStreams
{
    /// <summary>This silo.</summary>
    SiloAddress Silo { get; }

    /// <summary>Opens a stream, unless there are as many as may be.</summary>
    bool TryOpen(StreamId stream);

    /// <summary>
    /// Hands everything that comes for a stream straight to a reader in this process, instead of by way of its queue and a subscription.
    /// </summary>
    /// <param name="stream">The stream; nobody sends to it yet.</param>
    /// <param name="reader">Called by each sender, several at once perhaps. It must neither wait nor throw.</param>
    /// <returns>Whether the stream is open here.</returns>
    bool TryRead(StreamId stream, Action<EnvelopeBatch> reader);

    /// <summary>Puts a batch into the queue of a stream.</summary>
    PacketStreamOutcome Send(StreamId stream, EnvelopeBatch batch);

    /// <summary>Closes a stream and gives up what waits in it.</summary>
    void Close(StreamId stream);
}
