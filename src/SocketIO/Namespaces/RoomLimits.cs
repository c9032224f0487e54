using System.Text;
using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>How long names of rooms may be, and what becomes of joins that a limit refuses while nobody waits who could be told.
/// Thread-safe.</summary>
internal sealed partial class RoomLimits(SocketIOOptions options, SocketIOMetrics metrics, TimeProvider time, ILogger logger)
{
    // An episode is over when nothing was refused for this long.
    private static readonly TimeSpan EpisodeGap = TimeSpan.FromMinutes(1);

    private const int BytesPerCharacter = 3;

    private readonly Lock _lock = new();
    private long? _lastRefusal;

    /// <summary>Refuses names that are too long.</summary>
    /// <exception cref="RoomLimitException">One is.</exception>
    public void Check(IReadOnlyCollection<string> rooms)
    {
        foreach (var room in rooms)
        {
            if (room is not null && IsTooLong(room))
            {
                throw new RoomLimitException(
                    $"The name of a room has {Encoding.UTF8.GetByteCount(room)} bytes; {options.MaxRoomNameBytes} are allowed "
                    + $"({nameof(options.MaxRoomNameBytes)}).");
            }
        }
    }

    /// <summary>Notes that a socket did not join.</summary>
    public void Refused(RoomLimitException refusal, string ns)
    {
        metrics.JoinRefused();
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var begins = _lastRefusal is not { } last || time.GetElapsedTime(last, now) >= EpisodeGap;
            _lastRefusal = now;
            if (!begins)
            {
                return;
            }
        }

        Log.JoinsRefused(logger, ns, refusal.Message);
    }

    private bool IsTooLong(string room) =>
        room.Length > options.MaxRoomNameBytes
        || (room.Length > options.MaxRoomNameBytes / BytesPerCharacter && Encoding.UTF8.GetByteCount(room) > options.MaxRoomNameBytes);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Sockets of namespace {Namespace} that others made join rooms did not join them. {Reason}",
            EventName = "JoinsRefused")]
        public static partial void JoinsRefused(ILogger logger, LogText @namespace, string reason);
    }
}
