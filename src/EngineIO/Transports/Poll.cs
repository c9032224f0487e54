namespace OrleansRooms.EngineIO.Transports;

/// <summary>One GET of a polling session, from its arrival to the decision how it is answered.</summary>
internal sealed class Poll
{
    private readonly TaskCompletionSource<PollAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How the request is to be answered.</summary>
    public Task<PollAnswer> Answer => _answer.Task;

    /// <summary>Decides the answer. A poll is answered once, by whoever took it out of the transport under the session's lock.</summary>
    public void Complete(PollAnswer answer) => _answer.SetResult(answer);

    public static Poll Answered(PollAnswer answer)
    {
        var poll = new Poll();
        poll.Complete(answer);
        return poll;
    }
}

/// <summary>How a GET is answered.</summary>
internal enum PollAnswer
{
    /// <summary>With everything that waits in the session's outbox.</summary>
    Batch,

    /// <summary>With a noop: the session goes on elsewhere, or the client itself has closed it.</summary>
    Noop,

    /// <summary>With a close packet.</summary>
    Close,

    /// <summary>With a noop and a close packet: the server closed the session while no GET was waiting.</summary>
    NoopAndClose,

    /// <summary>With an empty 400: the session has ended, or a GET was waiting already.</summary>
    Refuse,

    /// <summary>As a request over the wrong transport: the session has moved to WebSocket.</summary>
    Mismatch,

    /// <summary>Not at all: the client has gone.</summary>
    Abandon,
}
