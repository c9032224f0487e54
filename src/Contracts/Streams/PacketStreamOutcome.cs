namespace OrleansRooms.Contracts.Streams;

/// <summary>What became of a batch that was sent to a packet stream.</summary>
[GenerateSerializer]
[Alias("rooms.packet-stream-outcome")]
public enum PacketStreamOutcome
{
    /// <summary>It waits for the reader.</summary>
    Accepted = 0,

    /// <summary>Too much waits already, because the reader is slower than its publishers. The batch may be sent again later.</summary>
    Full = 1,

    /// <summary>
    /// There is no such stream here: the node closed it, or stopped reading. The node directory knows the node's present one.
    /// </summary>
    Closed = 2,

    /// <summary>The silo has as many streams as it may.</summary>
    TooManyStreams = 3,
}
