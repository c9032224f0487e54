using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO;

/// <summary>
/// What happens on one session below its messages, for who wants to trace, count or learn: the events of <c>socket.conn</c> in Socket.IO's
/// documentation. A session whose events nobody asked for pays nothing for them.
/// </summary>
/// <remarks>
/// Listeners are called on the thread that does the work and hold it up, so they must be quick; several threads may call them at a time.
/// What they throw is logged and changes nothing. What happens once, <see cref="Upgraded"/> and <see cref="Closed"/>, is told at once to
/// who subscribes afterwards.
/// </remarks>
public sealed class EngineSessionEvents
{
    private readonly Lock _lock = new();
    private Action? _upgraded;
    private Action<CloseReason, string?>? _closed;
    private bool _hasUpgraded;
    private (CloseReason Reason, string? Description)? _end;

    /// <summary>
    /// A packet has come from the client (<c>packet</c>), heartbeat answers included; the session acts on it afterwards. Its data may be
    /// read during the call only, because the buffer is used again.
    /// </summary>
    public event Action<EngineIOPacket>? PacketReceived;

    /// <summary>
    /// A packet waits to be sent to the client (<c>packetCreate</c>), pings included. When it goes out, <see cref="Flushing"/> tells.
    /// </summary>
    public event Action<EngineIOPacket>? PacketQueued;

    /// <summary>Everything that waits begins to be written as one batch (<c>flush</c>).</summary>
    public event Action? Flushing;

    /// <summary>A batch has been written and nothing waits any more (<c>drain</c>).</summary>
    public event Action? Drained;

    /// <summary>The client has answered a ping (<c>heartbeat</c>).</summary>
    public event Action? HeartbeatReceived;

    /// <summary>The client has opened a WebSocket and begun to move from polling to it (<c>upgrading</c>). It may still fail.</summary>
    public event Action? Upgrading;

    /// <summary>The session has moved from polling to WebSocket (<c>upgrade</c>). No message is delivered meanwhile.</summary>
    public event Action? Upgraded
    {
        add
        {
            lock (_lock)
            {
                _upgraded += value;
                if (!_hasUpgraded || value is null) return;
            }

            Tell(value);
        }

        remove
        {
            lock (_lock) _upgraded -= value;
        }
    }

    /// <summary>
    /// The session has ended, and all that was to be told has been told (<c>close</c>): the reason, and a sentence for logs or
    /// <see langword="null"/>. The last event.
    /// </summary>
    public event Action<CloseReason, string?>? Closed
    {
        add
        {
            (CloseReason Reason, string? Description) end;
            lock (_lock)
            {
                _closed += value;
                if (_end is not { } ended || value is null) return;
                end = ended;
            }

            Tell(() => value(end.Reason, end.Description));
        }

        remove
        {
            lock (_lock) _closed -= value;
        }
    }

    /// <summary>Calls a listener; what it throws is its own affair.</summary>
    internal Action<Action> Tell { get; init; } = static tell => tell();

    /// <summary>Whether anybody listens to what is queued, for which packets have to be read again.</summary>
    internal bool TellsPacketQueued => PacketQueued is not null;

    internal void OnPacketReceived(in EngineIOPacket packet) => PacketReceived?.Invoke(packet);

    internal void OnPacketQueued(in EngineIOPacket packet) => PacketQueued?.Invoke(packet);

    internal void OnFlushing() => Flushing?.Invoke();

    internal void OnDrained() => Drained?.Invoke();

    internal void OnHeartbeatReceived() => HeartbeatReceived?.Invoke();

    internal void OnUpgrading() => Upgrading?.Invoke();

    internal void OnUpgraded()
    {
        Action? listeners;
        lock (_lock)
        {
            listeners = _hasUpgraded ? null : _upgraded;
            _hasUpgraded = true;
        }

        listeners?.Invoke();
    }

    internal void OnClosed(CloseReason reason, string? description)
    {
        Action<CloseReason, string?>? listeners;
        lock (_lock)
        {
            listeners = _end is null ? _closed : null;
            _end = (reason, description);
        }

        listeners?.Invoke(reason, description);
    }
}
