using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// The state machine of one session: what may be sent and when, heartbeat, upgrade, and how it ends. It knows no HTTP; transports
/// tell it what happened and it tells them what to do.
/// </summary>
/// <remarks>
/// <para>
/// Two locks. <c>_lock</c> guards the state and is only ever held for a few instructions; methods whose name ends in
/// <c>Locked</c> need it. <c>_delivery</c> keeps the calls of the handler one after the other, so that no message follows the
/// end. <c>_delivery</c> is taken before <c>_lock</c>, never after it.
/// </para>
/// <para>
/// At most one batch is on its way to the client at a time, whichever transport carries it. That alone keeps the order across an
/// upgrade, and it is what "writable" means for volatile messages: the flag falls when a batch begins and rises when the writer
/// has completed it, never inside <see cref="Send"/>. <see cref="SendTurn"/> makes that hold for consecutive sends too.
/// </para>
/// </remarks>
internal sealed partial class Session : Deadline, IEngineSession, IThreadPoolWorkItem
{
    private static long _lastNumber;

    private readonly SessionServices _services;
    private readonly Lock _lock = new();
    private readonly Lock _delivery = new();
    private IEngineSessionHandler? _handler;
    private ITransport _transport;
    private Outbox _outbox;
    private long _sendingSince;
    private long _lastTurn;
    private string? _closeDescription;
    private CloseReason _closeReason;
    private SessionState _state;
    private bool _isSending;

    public Session(string id, SessionRequest request, SessionServices services, Func<Session, ITransport> createTransport)
    {
        Id = id;
        Request = request;
        _services = services;
        _outbox = new Outbox(services.Options.MaxBufferedBytesPerSession);
        _transport = createTransport(this);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>Stands for the session in logs, where its id must not appear.</summary>
    public long Number { get; } = Interlocked.Increment(ref _lastNumber);

    /// <inheritdoc/>
    public SessionRequest Request { get; }

    /// <inheritdoc/>
    public EngineTransport Transport => Volatile.Read(ref _transport).Kind;

    /// <inheritdoc/>
    public bool IsOpen => _state == SessionState.Open;

    /// <summary>Whether the session has ended; a closing session still answers polls.</summary>
    public bool HasEnded => _state == SessionState.Ended;

    /// <summary>How many bytes wait for the client or are being written to it.</summary>
    public long BufferedBytes
    {
        get
        {
            lock (_lock) return _outbox.Bytes;
        }
    }

    /// <summary>Whether a volatile message would be sent now: nothing is on its way or waits, and the transport is ready.</summary>
    public bool IsWritable
    {
        get
        {
            lock (_lock) return IsWritable_NeedsLock;
        }
    }

    /// <summary>
    /// Begins the session, which must be in the table already: the handshake is queued first, then the handler is created, then
    /// the heartbeat starts.
    /// </summary>
    public void Open(EngineIOFrame[] handshake, IEngineSessionAcceptor acceptor)
    {
        _services.Rundown.EnterNested();
        _services.Metrics.SessionOpened();
        Log.Opened(_services.Logger, Number, Transport);

        lock (_lock) _outbox.TryAdd(handshake, SendFlags.None);
        try
        {
            lock (_delivery) _handler = acceptor.Accept(this);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_services.Logger, exception, Number);
            End(CloseReason.TransportError, "the session could not be accepted");
            return;
        }

        lock (_lock)
        {
            if (_state == SessionState.Open) _services.Clock.Arm(this, DeadlineKind.Ping);
            StartSending_NeedsLock();
        }
    }

    /// <inheritdoc/>
    public bool Send(EngineIOFrame[] frames, SendFlags flags = SendFlags.None)
    {
        lock (_lock)
        {
            if (_state != SessionState.Open) return false;

            var turn = SendTurn.Current;
            if ((flags & SendFlags.Volatile) != 0 && (!IsWritable_NeedsLock || (turn != 0 && turn == _lastTurn)))
            {
                _services.Metrics.VolatileDropped();
                return false;
            }

            if (!_outbox.TryAdd(frames, flags))
            {
                EndAsSlowConsumer_NeedsLock();
                return false;
            }

            _lastTurn = turn;
            StartSending_NeedsLock();
        }

        TellQueued(frames);
        return true;
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (_lock)
        {
            if (_state != SessionState.Open) return;
            _state = SessionState.Closing;

            // The heartbeat goes on: a client that has gone is noticed no later than otherwise.
            _services.Clock.ArmUnlessSooner(this, DeadlineKind.Close);
            if (!_isSending && _outbox.IsEmpty) SayGoodbye_NeedsLock();
        }
    }

    /// <inheritdoc/>
    public void Abort() => End(CloseReason.ForcedClose, description: null);

    /// <summary>Ends the session at once and discards what is queued. Without effect when it has ended already.</summary>
    public void End(CloseReason reason, string? description)
    {
        lock (_lock) End_NeedsLock(reason, description);
    }

    /// <summary>Takes in one packet that came over the session's transport.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="isBorrowed">Whether its data lies in a buffer that will be used again, so that a message must be copied.</param>
    public void Receive(in EngineIOPacket packet, bool isBorrowed)
    {
        TellPacketReceived(packet);
        switch (packet.Type)
        {
            case EngineIOPacketType.Message:
                Deliver(isBorrowed ? packet.Data.ToArray() : packet.Data, packet.IsBinary);
                break;
            case EngineIOPacketType.Pong:
                TakePong();
                break;
            case EngineIOPacketType.Ping:
                End(CloseReason.TransportError, "invalid heartbeat direction");
                break;
            case EngineIOPacketType.Close:
                End(CloseReason.TransportClose, description: null);
                break;
            default:
                // Open, upgrade and noop mean nothing on an established session (protocol.md 1.6).
                break;
        }
    }

    /// <summary>Completes when the next packet may be read.</summary>
    public ValueTask WhenReadyAsync() => _handler?.WhenReadyAsync() ?? default;

    /// <summary>Takes everything that waits; <see langword="false"/> when the session has ended meanwhile.</summary>
    public bool TryTakeBatch(out Outbox.Batch batch)
    {
        TellFlushing();
        lock (_lock)
        {
            batch = _outbox.Take();
            return _state != SessionState.Ended;
        }
    }

    /// <summary>A batch has been written, or writing it has failed.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="succeeded">Whether it was written.</param>
    /// <param name="canContinue">Whether the writer could go on at once.</param>
    /// <returns>Whether more waits and the writer is to go on with it.</returns>
    public bool CompleteBatch(Outbox.Batch batch, bool succeeded, bool canContinue)
    {
        lock (_lock)
        {
            _outbox.Return(batch);
            _isSending = false;

            if (_state == SessionState.Ended) return false;

            if (!succeeded)
            {
                End_NeedsLock(CloseReason.TransportError, "the connection broke while packets were being written");
                return false;
            }

            if (!_outbox.IsEmpty)
            {
                if (canContinue) BeginSending_NeedsLock();
                else StartSending_NeedsLock();
                return canContinue;
            }

            if (_state == SessionState.Closing) SayGoodbye_NeedsLock();
        }

        TellDrained();
        return false;
    }

    /// <summary>Tells the handler that the session has ended. Runs on the thread pool, because a session may end inside any call.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Log.Closed(_services.Logger, Number, _closeReason, _closeDescription);
        _services.Metrics.SessionClosed(_closeReason);

        try
        {
            lock (_delivery) _handler?.OnClosed(_closeReason, _closeDescription);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_services.Logger, exception, Number);
        }
        finally
        {
            TellClosed();
            _services.Rundown.Leave();
        }
    }

    private bool IsWritable_NeedsLock => !_isSending && _outbox.IsEmpty && _transport.IsReady;

    private void StartSending_NeedsLock()
    {
        if (_isSending || _outbox.IsEmpty || !_transport.IsReady) return;
        BeginSending_NeedsLock();
        _transport.StartSending();
    }

    private void BeginSending_NeedsLock()
    {
        _isSending = true;
        _sendingSince = _services.Time.GetTimestamp();
    }

    private void Deliver(ReadOnlyMemory<byte> data, bool isBinary)
    {
        try
        {
            // Contended only while a POST is still being worked off when the WebSocket takes over.
            lock (_delivery)
            {
                if (_state != SessionState.Open) return;
                using var turn = SendTurn.Begin();
                _handler!.OnMessage(data, isBinary);
            }
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_services.Logger, exception, Number);
            End(CloseReason.TransportError, "the message handler failed");
        }
    }

    private void SayGoodbye_NeedsLock()
    {
        if (_transport.TrySayGoodbye()) End_NeedsLock(CloseReason.ForcedClose, description: null);
    }

    private void EndAsSlowConsumer_NeedsLock()
    {
        Log.SlowConsumer(_services.Logger, Number, _outbox.Bytes);
        _services.Metrics.SlowConsumer();
        End_NeedsLock(CloseReason.TransportError, "the client does not read what is sent to it");
    }

    private void End_NeedsLock(CloseReason reason, string? description)
    {
        if (_state == SessionState.Ended) return;

        // Whatever happens first while this side is closing, it is this side that closed, unless nobody is at the other.
        _closeReason = _state == SessionState.Closing && reason is not (CloseReason.ServerShuttingDown or CloseReason.PingTimeout)
            ? CloseReason.ForcedClose
            : reason;
        _closeDescription = description;
        _state = SessionState.Ended;

        _outbox.Clear();
        _services.Clock.Disarm(this);

        // The client's GET may come behind the packet with which it leaves.
        if (_closeReason == CloseReason.TransportClose && !_isSending && _transport is PollingTransport { IsReady: false })
        {
            _services.Leavers.Add(Id);
        }

        _services.Sessions.Remove(this);
        Admit_NeedsLock();
        _transport.End(reason, _isSending);
        _candidate?.End(reason, isSending: false);
        _candidate = null;

        // A client may finish what it is sending to a server that closes: a failed request would look like a failure.
        if (reason != CloseReason.ServerShuttingDown) _post?.Abort();

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}

/// <summary>Where a session is in its life.</summary>
internal enum SessionState : byte
{
    /// <summary>Messages go both ways.</summary>
    Open,

    /// <summary>The server has closed it; what is queued still goes out.</summary>
    Closing,

    /// <summary>It is over.</summary>
    Ended,
}
