namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// A session on long-polling: it can send when a GET waits, and at most one GET may. Pure bookkeeping under the session's lock;
/// the requests themselves are served by <see cref="Requests.PollingRequests"/>.
/// </summary>
internal sealed class PollingTransport : ITransport
{
    private Poll? _waiting;

    public EngineTransport Kind => EngineTransport.Polling;

    public bool IsReady => _waiting is not null;

    /// <summary>Whether the server has closed the session and the next GET is to hear of it.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>A GET begins to wait.</summary>
    public void Wait(Poll poll) => _waiting = poll;

    /// <summary>Answers the waiting GET, if there is one.</summary>
    public void Release(PollAnswer answer)
    {
        var poll = _waiting;
        _waiting = null;
        poll?.Complete(answer);
    }

    /// <summary>Whether this GET was still waiting. It is not any more.</summary>
    public bool TryAbandon(Poll poll)
    {
        if (_waiting != poll) return false;
        Release(PollAnswer.Abandon);
        return true;
    }

    public void StartSending() => Release(PollAnswer.Batch);

    public bool TrySayGoodbye()
    {
        if (_waiting is null)
        {
            IsLeaving = true;
            return false;
        }

        Release(PollAnswer.Close);
        return true;
    }

    // A client that said goodbye with a POST hears no goodbye back on its GET, only that the GET is over.
    public void End(CloseReason reason, bool isSending) =>
        Release(reason == CloseReason.TransportClose ? PollAnswer.Noop : PollAnswer.Close);
}
