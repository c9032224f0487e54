using Orleans.Runtime;

namespace OrleansRooms.Contracts.Streams;

/// <summary>The packet streams whose home is the silo of this process. Thread-safe.</summary>
internal interface ILocalPacketStreams
{
    /// <summary>This silo.</summary>
    SiloAddress Silo { get; }

    /// <summary>Opens a stream, unless there are as many as may be.</summary>
    bool TryOpen(StreamId stream);

    /// <summary>Puts a batch into the queue of a stream.</summary>
    PacketStreamOutcome Send(StreamId stream, EnvelopeBatch batch);

    /// <summary>Closes a stream and gives up what waits in it.</summary>
    void Close(StreamId stream);
}
