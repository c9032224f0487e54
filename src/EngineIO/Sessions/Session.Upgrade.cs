using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <content>The upgrade from polling to WebSocket (protocol.md 1.7).</content>
internal sealed partial class Session
{
    private WebSocketTransport? _candidate;
    private bool _isProbed;

    /// <summary>
    /// A WebSocket with this session's id was opened. <see langword="false"/> when the session is on WebSocket already or another
    /// upgrade is under way; the session goes on undisturbed.
    /// </summary>
    public bool TryBeginUpgrade(WebSocketTransport candidate)
    {
        lock (_lock)
        {
            if (_state == SessionState.Ended || _transport is not PollingTransport || _candidate is not null) return false;
            _candidate = candidate;
            _isProbed = false;
            _services.Clock.Arm(candidate, DeadlineKind.Upgrade);
            return true;
        }
    }

    /// <summary>A packet came over the WebSocket to which the session may move. Any but a probe and an upgrade ends the attempt.</summary>
    public CandidateStep ReceiveFromCandidate(WebSocketTransport candidate, in EngineIOPacket packet)
    {
        switch (packet.Type)
        {
            case EngineIOPacketType.Ping when packet.Data.Span.SequenceEqual("probe"u8):
                return CandidateStep.AnswerProbe;
            case EngineIOPacketType.Upgrade when TryCompleteUpgrade(candidate):
                return CandidateStep.Switched;
            default:
                return CandidateStep.Refuse;
        }
    }

    /// <summary>The probe has been answered: a waiting GET returns, and so do those that follow, so that the client can switch.</summary>
    public void CompleteProbe(WebSocketTransport candidate)
    {
        lock (_lock)
        {
            if (_candidate != candidate || _transport is not PollingTransport polling) return;
            _isProbed = true;
            polling.Release(PollAnswer.Noop);
        }

        TellUpgrading();
    }

    /// <summary>The WebSocket did not become the session's transport; the session stays on polling.</summary>
    public void FailUpgrade(WebSocketTransport candidate, UpgradeOutcome outcome)
    {
        lock (_lock)
        {
            if (_candidate != candidate) return;
            _candidate = null;
            _isProbed = false;
            candidate.End(CloseReason.TransportError, isSending: false);
        }

        Log.UpgradeFailed(_services.Logger, Number, outcome);
        _services.Metrics.UpgradeEnded(outcome);
    }

    private bool TryCompleteUpgrade(WebSocketTransport candidate)
    {
        lock (_delivery)
        {
            lock (_lock)
            {
                if (_candidate != candidate || _transport is not PollingTransport polling) return false;

                _services.Clock.Disarm(candidate);
                _candidate = null;
                _isProbed = false;
                polling.Release(PollAnswer.Noop);
                Volatile.Write(ref _transport, candidate);

                // A poll response may still be under way: then what waits, and the goodbye, follow it.
                StartSending_NeedsLock();
                if (!_isSending && _state == SessionState.Closing) SayGoodbye_NeedsLock();
            }

            Log.Upgraded(_services.Logger, Number);
            _services.Metrics.UpgradeEnded(UpgradeOutcome.Completed);
            TellUpgraded();
        }

        return true;
    }
}

/// <summary>What a WebSocket that asks for an upgrade is to do next.</summary>
internal enum CandidateStep
{
    /// <summary>Answer the probe, then call <see cref="Session.CompleteProbe"/>.</summary>
    AnswerProbe,

    /// <summary>Carry the session from now on.</summary>
    Switched,

    /// <summary>Close.</summary>
    Refuse,
}
