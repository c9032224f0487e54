using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <content>What listeners of the session's events are told, never with <c>_lock</c> held.</content>
internal sealed partial class Session
{
    private volatile EngineSessionEvents? _events;
    private volatile bool _hasUpgraded;
    private volatile bool _hasToldClosed;

    /// <inheritdoc/>
    public EngineSessionEvents Events
    {
        get
        {
            if (_events is not null) return _events;

            var created = new EngineSessionEvents { Tell = Tell };
            if (Interlocked.CompareExchange(ref _events, created, null) is { } events) return events;

            // What has happened before anybody asked; whoever tells it at this moment finds the events, and it is told once.
            if (_hasUpgraded) created.OnUpgraded();
            if (_hasToldClosed) created.OnClosed(_closeReason, _closeDescription);
            return created;
        }
    }

    /// <summary>Calls a listener; what it throws is its own affair.</summary>
    public void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(_services.Logger, exception, Number);
        }
    }

    private void TellPacketReceived(in EngineIOPacket packet)
    {
        if (_events is not { } events) return;
        try
        {
            events.OnPacketReceived(packet);
            if (packet.Type == EngineIOPacketType.Pong) events.OnHeartbeatReceived();
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(_services.Logger, exception, Number);
        }
    }

    // Apart from the telling itself, whose closures would cost every recipient of a broadcast an object.
    private void TellQueued(EngineIOFrame[] frames)
    {
        if (_events is { TellsPacketQueued: true } events) TellQueued(events, frames);
    }

    private void TellQueued(EngineSessionEvents events, EngineIOFrame[] frames)
    {
        foreach (var frame in frames)
        {
            if (EngineIOPacket.TryRead(frame.Payload, frame.IsBinary, out var packet)) Tell(() => events.OnPacketQueued(packet));
        }
    }

    private void TellFlushing()
    {
        if (_events is { } events) Tell(events.OnFlushing);
    }

    private void TellDrained()
    {
        if (_events is { } events) Tell(events.OnDrained);
    }

    private void TellUpgrading()
    {
        if (_events is { } events) Tell(events.OnUpgrading);
    }

    private void TellUpgraded()
    {
        _hasUpgraded = true;
        Interlocked.MemoryBarrier();
        if (_events is { } events) Tell(events.OnUpgraded);
    }

    private void TellClosed()
    {
        _hasToldClosed = true;
        Interlocked.MemoryBarrier();
        if (_events is { } events) Tell(() => events.OnClosed(_closeReason, _closeDescription));
    }
}
