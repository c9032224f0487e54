using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <content>Heartbeat and the other deadlines of a session (protocol.md 1.8).</content>
internal sealed partial class Session
{
    private static readonly EngineIOFrame[] PingFrames = [EngineIOFrame.Text(EngineIOPacketType.Ping)];

    private bool _awaitsPong;

    /// <inheritdoc/>
    protected internal override void OnDue(DeadlineKind kind)
    {
        var isPinged = false;
        lock (_lock)
        {
            switch (kind)
            {
                case DeadlineKind.Ping when _state != SessionState.Ended:
                    isPinged = TrySendPing_NeedsLock();
                    break;
                case DeadlineKind.Pong when _state != SessionState.Ended && _awaitsPong:
                    End_NeedsLock(CloseReason.PingTimeout, description: null);
                    break;
                case DeadlineKind.Close when _state == SessionState.Closing:
                    End_NeedsLock(CloseReason.ForcedClose, "the client did not collect its last packets in time");
                    break;
                default:
                    // Disarmed while it expired.
                    break;
            }
        }

        if (isPinged) TellQueued(PingFrames);
    }

    private bool TrySendPing_NeedsLock()
    {
        _outbox.Trim();
        if (IsStuck_NeedsLock || !_outbox.TryAdd(PingFrames, SendFlags.None))
        {
            EndAsSlowConsumer_NeedsLock();
            return false;
        }

        _awaitsPong = true;
        _services.Clock.ArmNext(this, DeadlineKind.Pong);
        StartSending_NeedsLock();
        return true;
    }

    private void TakePong()
    {
        lock (_lock)
        {
            if (_state == SessionState.Closing && _awaitsPong)
            {
                // It is there, and has its time to collect what is left; no further ping follows.
                _awaitsPong = false;
                _services.Clock.Arm(this, DeadlineKind.Close);
            }

            if (_state != SessionState.Open) return;

            // A client may send pongs unasked and so put off its ping for ever; it may not stop reading meanwhile.
            if (IsStuck_NeedsLock)
            {
                EndAsSlowConsumer_NeedsLock();
                return;
            }

            _awaitsPong = false;
            _services.Clock.Arm(this, DeadlineKind.Ping);
        }
    }

    private bool IsStuck_NeedsLock =>
        _isSending && _services.Time.GetElapsedTime(_sendingSince) > _services.Options.PingInterval + _services.Options.PingTimeout;
}
