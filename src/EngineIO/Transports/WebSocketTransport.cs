using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// One WebSocket, which carries a session from the start, or asks to take over a polling one. The request's own task reads; a
/// work item on the thread pool writes, one at a time, and sends the close frame too, so that nothing overtakes anything. Nobody else sees the
/// transport, so it is its own lock.
/// </summary>
internal sealed partial class WebSocketTransport : Deadline, ITransport, IThreadPoolWorkItem
{
    private const int ReceiveBufferSize = 4096;
    private static readonly EngineIOFrame ProbeAnswer = EngineIOFrame.Text(EngineIOPacketType.Pong, "probe");

    private readonly WebSocket _socket;
    private readonly Session _session;
    private readonly SessionServices _services;
    private readonly int? _deflateThreshold;
    private readonly SharedStream? _connection;
    private readonly bool _isTextOnly;
    private TaskCompletionSource? _closed;
    private HttpContext? _context;
    private WebSocketCloseStatus? _closeStatus;
    private int _isClosing;
    private bool _isCandidate;
    private bool _hasBatch;
    private bool _isClosed;
    private volatile bool _hasEnded;

    public WebSocketTransport(WebSocket socket, HttpContext context, bool isTextOnly, Session session, SessionServices services)
    {
        _socket = socket;
        _context = context;
        _session = session;
        _services = services;
        _isTextOnly = isTextOnly;

        // Messages that are compressed, or translated, for this client alone go through the framework.
        if (context.Response.Headers.SecWebSocketExtensions.Count > 0) _deflateThreshold = services.Options.PerMessageDeflate?.Threshold;
        else if (!_isTextOnly) _connection = SharedUpgradeFeature.StreamOf(context.Features);
    }

    public EngineTransport Kind => EngineTransport.WebSocket;

    public bool IsReady => true;

    /// <summary>
    /// Serves the connection until it ends, and leaves the rundown. The WebSocket is not used any more when the task completes.
    /// </summary>
    /// <remarks>
    /// Where an idle connection waits. It holds no buffer but waits with a read of zero bytes, and no methods beside this one, each of which would keep its
    /// state.
    /// </remarks>
    public async Task RunAsync()
    {
        try
        {
            var reason = CloseReason.TransportClose;
            string? description = null;
            try
            {
                while (await TakeMessageAsync(await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)))
                {
                    // On to the next.
                }

                _closeStatus ??= _socket.CloseStatus;
            }
            catch (WebSocketException exception) when (exception.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
            {
                reason = CloseReason.TransportError;
                description = exception.Message;
            }
            catch (Exception exception)
            {
                // Whatever else reading throws means that the connection is gone.
                Log.ConnectionLost(_services.Logger, _session.Number, exception.Message);
            }

            if (_isCandidate) _session.FailUpgrade(this, UpgradeOutcome.Failed);
            else _session.End(reason, description);

            await WhenClosed();

            _services.Clock.Disarm(this);
            lock (this) _context = null;
            _socket.Dispose();
        }
        finally
        {
            _services.Rundown.Leave();
        }
    }

    /// <summary>
    /// Asks to take over the session when the client completes the upgrade. Refused, the WebSocket was accepted only to be
    /// closed; the session does not notice.
    /// </summary>
    public void BeginUpgrade()
    {
        _isCandidate = true;
        if (!_session.TryBeginUpgrade(this)) End(CloseReason.TransportError, isSending: false);
    }

    public void StartSending()
    {
        _hasBatch = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // A WebSocket can always be told; its close frame says it.
    public bool TrySayGoodbye() => true;

    public void End(CloseReason reason, bool isSending)
    {
        if (_hasEnded) return;
        _closeStatus ??= reason == CloseReason.ServerShuttingDown ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.Empty;
        _hasEnded = true;
        _services.Clock.Arm(this, DeadlineKind.Linger);
        if (!isSending) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    /// <inheritdoc/>
    protected internal override void OnDue(DeadlineKind kind)
    {
        if (kind == DeadlineKind.Upgrade)
        {
            _session.FailUpgrade(this, UpgradeOutcome.TimedOut);
            return;
        }

        // The peer neither reads nor closes. The request may have ended a moment ago, and its context must be left alone then.
        lock (this) _context?.Abort();
    }

    private async Task WriteAsync()
    {
        if (_hasBatch)
        {
            _hasBatch = false;
            bool more;
            do
            {
                var succeeded = !_session.TryTakeBatch(out var batch) || await TryWriteAsync(batch);
                more = _session.CompleteBatch(batch, succeeded, canContinue: true);
            }
            while (more);
        }

        if (_hasEnded && Interlocked.Exchange(ref _isClosing, 1) == 0) await CloseAsync();
    }

    private async Task<bool> TryWriteAsync(Outbox.Batch batch)
    {
        try
        {
            if (_connection is not null)
            {
                await MessageWriter.WriteAsync(_connection, batch);
                return true;
            }

            for (var i = 0; i < batch.Count; i++)
            {
                var message = batch[i];
                foreach (var frame in message.Frames) await WriteAsync(frame, message.Flags);
            }

            return true;
        }
        catch (Exception exception)
        {
            Log.ConnectionLost(_services.Logger, _session.Number, exception.Message);
            return false;
        }
    }

    private ValueTask WriteAsync(EngineIOFrame frame, SendFlags flags)
    {
        if (_isTextOnly) frame = PollingPayload.ToText(frame);

        var messageFlags = WebSocketMessageFlags.EndOfMessage;
        if ((flags & SendFlags.NoCompress) != 0 || frame.Payload.Length < _deflateThreshold)
            messageFlags |= WebSocketMessageFlags.DisableCompression;

        var type = frame.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        return _socket.SendAsync(frame.Payload, type, messageFlags, CancellationToken.None);
    }

    private async Task CloseAsync()
    {
        try
        {
            await _socket.CloseOutputAsync(_closeStatus ?? WebSocketCloseStatus.Empty, statusDescription: null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.ConnectionLost(_services.Logger, _session.Number, exception.Message);
        }
        finally
        {
            lock (this)
            {
                _isClosed = true;
                _closed?.SetResult();
            }
        }
    }

    /// <summary>Completes when the writer has done its last work.</summary>
    private Task WhenClosed()
    {
        lock (this)
        {
            if (_isClosed) return Task.CompletedTask;
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _closed.Task;
        }
    }

    /// <summary>Reads the message that has begun to come, and takes it in.</summary>
    /// <param name="received">What the read of zero bytes said.</param>
    /// <returns><see langword="false"/> when the peer has closed.</returns>
    private async ValueTask<bool> TakeMessageAsync(ValueWebSocketReceiveResult received)
    {
        byte[]? buffer = null;
        var length = 0;
        try
        {
            while (received is { EndOfMessage: false, MessageType: not WebSocketMessageType.Close })
            {
                buffer = MakeRoom(buffer, length);
                received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += received.Count;

                if (length > _services.Options.MaxHttpBufferSize && !_hasEnded) RefuseOversize();
                if (_hasEnded) length = 0;
            }

            if (received.MessageType == WebSocketMessageType.Close) return false;

            // What a peer still sends after the end is read only to come to its close frame.
            if (!_hasEnded) await TakeAsync(buffer.AsMemory(0, length), received.MessageType == WebSocketMessageType.Binary);
            return true;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> message, bool isBinary)
    {
        if (!EngineIOPacket.TryRead(message, isBinary, out var packet))
        {
            Refuse(CloseReason.ParseError, "invalid packet in a WebSocket message");
            return;
        }

        if (!_isCandidate)
        {
            _session.Receive(packet, isBorrowed: true);
            return;
        }

        switch (_session.ReceiveFromCandidate(this, packet))
        {
            case CandidateStep.AnswerProbe:
                await WriteAsync(ProbeAnswer, SendFlags.NoCompress);
                _session.CompleteProbe(this);
                break;
            case CandidateStep.Switched:
                _isCandidate = false;
                break;
            default:
                _session.FailUpgrade(this, UpgradeOutcome.Failed);
                break;
        }
    }

    private void RefuseOversize()
    {
        _closeStatus = WebSocketCloseStatus.MessageTooBig;
        Refuse(CloseReason.TransportError, "a WebSocket message was larger than MaxHttpBufferSize");
    }

    private void Refuse(CloseReason reason, string description)
    {
        if (_isCandidate) _session.FailUpgrade(this, UpgradeOutcome.Failed);
        else _session.End(reason, description);
    }

    private static byte[] MakeRoom(byte[]? buffer, int length)
    {
        if (buffer is null) return ArrayPool<byte>.Shared.Rent(ReceiveBufferSize);
        if (length < buffer.Length) return buffer;

        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
