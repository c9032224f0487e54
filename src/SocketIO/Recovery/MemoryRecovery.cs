using Microsoft.Extensions.Logging;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Recovery;

/// <summary>What one namespace keeps in the memory of this process for clients that may come back.</summary>
internal sealed partial class MemoryRecovery : IDisposable
{
    // Long enough to tell logs apart, short enough to be part of every event.
    private const int LogNameLength = 6;
    private static readonly TimeSpan ShortestTrimInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _order = new();
    private readonly PacketLog _log;
    private readonly RecoverableSessions _sessions;
    private readonly TimeProvider _time;
    private readonly SocketIOMetrics? _metrics;
    private readonly ILogger _logger;
    private readonly string _namespace;
    private readonly TimeSpan _lifetime;
    private readonly long _start;
    private readonly ITimer _timer;
    private bool _isTimerSet;
    private TimeSpan? _lastForgotten;

    public MemoryRecovery(ConnectionStateRecoveryOptions options, string ns, TimeProvider time, ILogger logger, SocketIOMetrics? metrics)
    {
        _namespace = ns;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _lifetime = options.MaxDisconnectionDuration;
        _start = time.GetTimestamp();
        _log = new PacketLog(RandomId.Create()[..LogNameLength], options.MaxPackets, options.MaxBytes, _lifetime);
        _sessions = new RecoverableSessions(options.MaxSessions, _lifetime);
        _timer = time.CreateTimer(
            static state => ((MemoryRecovery)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Held from an event's entry into the log until its recipients have it queued: every socket gets events in the order of their offsets,
    /// without which the last one seen would not stand for all before it.
    /// </summary>
    public Lock Order => _order;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>The offset of a client that has seen everything up to now.</summary>
    public string Position
    {
        get
        {
            lock (_order) return _log.Position;
        }
    }

    /// <summary>
    /// Whether an event goes to clients with an offset. Volatile events and those that ask for an answer belong to the moment; but a client
    /// takes the end of a volatile one for its offset, if that is a string.
    /// </summary>
    public static bool HasOffset(Packet packet, BroadcastOptions options) =>
        packet.IsEvent && packet.AckId is null && (!IsVolatile(options) || EventOffsets.EndsInString(packet));

    /// <summary>Adds an event to the log, unless it is volatile. Called under <see cref="Order"/>.</summary>
    /// <returns>The event with its offset, or with that of the one before it.</returns>
    public Packet Add_NeedsLock(Packet packet, BroadcastOptions options)
    {
        if (IsVolatile(options)) return EventOffsets.AppendArgument(packet, _log.Position);

        var numbered = _log.Add(packet, options, Now, out var forgotten);
        NoteForgotten_NeedsLock("packet", forgotten);
        SetTimer_NeedsLock();
        return numbered;
    }

    /// <summary>Keeps a socket whose client may come back.</summary>
    public void Persist(SocketSession session)
    {
        lock (_order)
        {
            NoteForgotten_NeedsLock("session", _sessions.Add(session, Now));
            SetTimer_NeedsLock();
        }
    }

    /// <summary>Gives a socket to a client that has come back, if it is kept and everything since the offset is too.</summary>
    public SocketSession? Restore(string privateId, string offset)
    {
        lock (_order)
        {
            var now = Now;
            _log.Trim(now);

            // Also taken when the offset is of no use: the client gets another private id and will not ask for this one again.
            var session = _sessions.Take(privateId, now);
            return session is not null && _log.Knows(offset) ? session : null;
        }
    }

    /// <summary>Opens a socket with what it has missed; nothing is sent meanwhile.</summary>
    /// <returns><see langword="false"/> when something of it is gone; the socket is not opened.</returns>
    public bool Replay(SocketSession session, string offset, Action<IReadOnlyList<Packet>> open)
    {
        lock (_order)
        {
            if (!_log.TryRead(offset, session.Rooms, out var missed))
            {
                return false;
            }

            open(missed);
            return true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private static bool IsVolatile(BroadcastOptions options) => (options.Flags & BroadcastFlags.Volatile) != 0;

    private void OnTimer()
    {
        lock (_order)
        {
            var now = Now;
            _isTimerSet = false;
            _log.Trim(now);
            _sessions.Trim(now);
            SetTimer_NeedsLock();
        }
    }

    private void SetTimer_NeedsLock()
    {
        if (_isTimerSet || Oldest() is not { } oldest)
        {
            return;
        }

        var due = oldest + _lifetime - Now;
        _isTimerSet = _timer.Change(due > ShortestTrimInterval ? due : ShortestTrimInterval, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan? Oldest() => (_log.OldestAt, _sessions.OldestAt) switch
    {
        ({ } packet, { } session) => packet < session ? packet : session,
        var (packet, session) => packet ?? session,
    };

    private void NoteForgotten_NeedsLock(string kind, int count)
    {
        if (count == 0)
        {
            return;
        }

        _metrics?.RecoveryForgotten(kind, count);
        var now = Now;
        if (_lastForgotten is not { } last || now - last >= _lifetime)
        {
            Log.Forgetting(_logger, kind, _namespace, _lifetime);
        }

        _lastForgotten = now;
    }
}
