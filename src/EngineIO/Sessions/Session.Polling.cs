using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <content>What the requests of long-polling do to the session.</content>
internal sealed partial class Session
{
    private PostBody? _post;

    /// <summary>A GET has come; the poll says how it is to be answered, now or later.</summary>
    public Poll BeginPoll()
    {
        lock (_lock)
        {
            if (_state == SessionState.Ended)
            {
                if (HasEndedWithServer_NeedsLock) return Poll.Answered(PollAnswer.Close);
                return Poll.Answered(_services.Leavers.TryTake(Id) ? PollAnswer.Noop : PollAnswer.Refuse);
            }

            if (_transport is not PollingTransport polling) return Poll.Answered(PollAnswer.Mismatch);

            if (polling.IsReady)
            {
                End_NeedsLock(CloseReason.TransportError, "overlap from client");
                return Poll.Answered(PollAnswer.Refuse);
            }

            if (polling.IsLeaving)
            {
                End_NeedsLock(CloseReason.ForcedClose, description: null);
                return Poll.Answered(PollAnswer.NoopAndClose);
            }

            // A client that has probed the WebSocket waits only for its poll to return, so that it can switch.
            if (_isProbed && _outbox.IsEmpty) return Poll.Answered(PollAnswer.Noop);

            var poll = new Poll();
            polling.Wait(poll);
            StartSending_NeedsLock();
            return poll;
        }
    }

    /// <summary>The client went away while its GET was waiting.</summary>
    public void AbandonPoll(Poll poll)
    {
        lock (_lock)
        {
            if (_transport is PollingTransport polling && polling.TryAbandon(poll))
            {
                End_NeedsLock(CloseReason.TransportError, "poll connection closed prematurely");
            }
        }
    }

    /// <summary>
    /// A POST has come. Refused when the session has ended, and when another POST is still being read: then both sides disagree
    /// about what has arrived, and the session ends.
    /// </summary>
    public PostAdmission BeginPost(PostBody body)
    {
        lock (_lock)
        {
            if (_state == SessionState.Ended) return HasEndedWithServer_NeedsLock ? PostAdmission.Ignore : PostAdmission.Refuse;
            if (_transport is not PollingTransport) return PostAdmission.Mismatch;

            if (_post is not null)
            {
                End_NeedsLock(CloseReason.TransportError, "overlap from client");
                return PostAdmission.Refuse;
            }

            _post = body;
            return PostAdmission.Admit;
        }
    }

    /// <summary>The POST is about to be answered.</summary>
    public void EndPost()
    {
        lock (_lock) _post = null;
    }

    /// <summary>Stops a POST that is still being read.</summary>
    public void AbortPost()
    {
        lock (_lock) _post?.Abort();
    }

    /// <summary>Takes in the packets of a POST up to the first broken one, which ends the session.</summary>
    public async ValueTask ReceivePayloadAsync(ReadOnlyMemory<byte> payload)
    {
        var reader = new PollingPayloadReader(payload);
        while (reader.TryRead(out var packet))
        {
            // A small packet must not keep a large body in memory for as long as its handler runs. Binary ones are copies already.
            Receive(packet, isBorrowed: !packet.IsBinary && packet.Data.Length < payload.Length / 2);
            await WhenReadyAsync();
        }

        if (reader.IsMalformed) End(CloseReason.ParseError, "invalid packet in a POST body");
    }

    private bool HasEndedWithServer_NeedsLock => _closeReason == CloseReason.ServerShuttingDown;
}

/// <summary>Whether a POST may be read.</summary>
internal enum PostAdmission
{
    Admit,

    /// <summary>The session has ended.</summary>
    Refuse,

    /// <summary>The session has ended because the server closes; the client learns it from its next poll.</summary>
    Ignore,

    /// <summary>The session has moved to WebSocket.</summary>
    Mismatch,
}
