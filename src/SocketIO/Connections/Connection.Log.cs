using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Connections;

internal sealed partial class Connection
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug,
            "A client sent what is no Socket.IO packet ({Rule}), closing its connection.",
            EventName = "BadPacket")]
        public static partial void BadPacket(ILogger logger, LogText rule);

        [LoggerMessage(2, LogLevel.Debug,
            "A client sent {PacketType} for {Namespace} when it may not, closing its connection.",
            EventName = "UnexpectedPacket")]
        public static partial void UnexpectedPacket(ILogger logger, PacketType packetType, LogText @namespace);

        [LoggerMessage(3, LogLevel.Warning,
            "Socket {SocketId} in {Namespace} sends faster than its events are handled: {Limit} or more, or too many bytes of them, " +
            "wait or are being handled. Nothing further is read from the client until half of that is over. Logged once for each " +
            "connection.",
            EventName = "TooManyEvents")]
        public static partial void TooManyEvents(ILogger logger, string socketId, LogText @namespace, int limit);

        [LoggerMessage(4, LogLevel.Debug,
            "A client entered no namespace within {Timeout}, closing its connection.",
            EventName = "ConnectTimeout")]
        public static partial void ConnectTimeout(ILogger logger, TimeSpan timeout);

        [LoggerMessage(5, LogLevel.Warning,
            "A client asked for {Namespace} besides {Limit} other namespaces (MaxNamespacesPerConnection); it is refused. Further ones " +
            "of its connection are counted.",
            EventName = "TooManyNamespaces")]
        public static partial void TooManyNamespaces(ILogger logger, LogText @namespace, int limit);

        [LoggerMessage(6, LogLevel.Debug,
            "The authentication of a client has expired, closing its connection.",
            EventName = "AuthenticationExpired")]
        public static partial void AuthenticationExpired(ILogger logger);
    }
}
