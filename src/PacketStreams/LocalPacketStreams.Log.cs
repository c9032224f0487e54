using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansRooms.PacketStreams;

internal sealed partial class LocalPacketStreams
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Nothing was read from the packet stream {Stream} for {Lease}; it is closed, and {Envelopes} " +
            "envelopes that waited are given up.",
            EventName = "StreamExpired")]
        public static partial void StreamExpired(ILogger logger, StreamId stream, TimeSpan lease, int envelopes);
    }
}
