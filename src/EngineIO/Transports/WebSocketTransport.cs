using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// One WebSocket, which carries a session from the start, or asks to take over a polling one. The request's own task reads; a
/// work item on the thread pool writes, one at a time, and sends the close frame too, so that nothing overtakes anything. Nobody else sees
/// the transport, so it is its own lock.
/// </summary>
internal abstract partial class WebSocketTransport : Deadline, ITransport, IThreadPoolWorkItem
{
    private static readonly EngineIOFrame ProbeAnswer = EngineIOFrame.Text(EngineIOPacketType.Pong, "probe");

    private TaskCompletionSource? _closed;
    private HttpContext? _context;
    private WebSocketCloseStatus? _closeStatus;
    private int _isClosing;
    private bool _isCandidate;
    private bool _hasBatch;
    private bool _isClosed;
    private volatile bool _hasEnded;

    protected WebSocketTransport(HttpContext context, Session session, SessionServices services)
    {
        _context = context;
        Session = session;
        Services = services;
    }

    public EngineTransport Kind => EngineTransport.WebSocket;

    public bool IsReady => true;

    protected Session Session { get; }

    protected SessionServices Services { get; }

    /// <summary>Whether the session does not want what the peer still sends; only its close frame matters.</summary>
    protected bool HasEnded => _hasEnded;

    /// <summary>Makes the transport of a WebSocket that has been accepted.</summary>
    public static WebSocketTransport Create(
        WebSocket socket, HttpContext context, bool isTextOnly, Session session, SessionServices services)
    {
        // Messages that are compressed, or translated, for this client alone go through the framework.
        var isDeflated = context.Response.Headers.SecWebSocketExtensions.Count > 0;
        var shared = isDeflated || isTextOnly ? null : SharedUpgradeFeature.Of(context.Features);
        if (shared is { IsServersOwn: true } && context.Features.Get<IConnectionTransportFeature>()?.Transport is { } connection)
        {
            shared.Remove(context.Features);
            return new DirectWebSocketTransport(connection, context, session, services);
        }

        var deflateThreshold = isDeflated ? services.Options.PerMessageDeflate?.Threshold : null;
        return new FrameworkWebSocketTransport(socket, shared?.Stream?.Writer, deflateThreshold, isTextOnly, context, session, services);
    }

    /// <summary>
    /// Serves the connection until it ends, and leaves the rundown. The WebSocket is not used any more when the task completes.
    /// </summary>
    /// <remarks>
    /// Where an idle connection waits. It holds no buffer, and no methods beside this one wait, each of which would keep its state.
    /// </remarks>
    public abstract Task RunAsync();

    /// <summary>
    /// Asks to take over the session when the client completes the upgrade. Refused, the WebSocket was accepted only to be
    /// closed; the session does not notice.
    /// </summary>
    public void BeginUpgrade()
    {
        _isCandidate = true;
        if (!Session.TryBeginUpgrade(this)) End(CloseReason.TransportError, isSending: false);
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
        Services.Clock.Arm(this, DeadlineKind.Linger);
        if (!isSending) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    /// <inheritdoc/>
    protected internal override void OnDue(DeadlineKind kind)
    {
        if (kind == DeadlineKind.Upgrade)
        {
            Session.FailUpgrade(this, UpgradeOutcome.TimedOut);
            return;
        }

        // The peer neither reads nor closes. The request may have ended a moment ago, and its context must be left alone then.
        lock (this) _context?.Abort();
    }

    /// <summary>Writes a batch; completes when the connection has taken it.</summary>
    protected abstract ValueTask WriteAsync(Outbox.Batch batch);

    /// <summary>Writes one small frame from the task that reads.</summary>
    protected abstract ValueTask WriteAsync(EngineIOFrame frame);

    /// <summary>Writes the close frame.</summary>
    protected abstract Task WriteCloseAsync(WebSocketCloseStatus status);

    /// <summary>Gives the connection up; called once, when nothing reads or writes any more.</summary>
    protected abstract void Release();

    /// <summary>The peer has closed.</summary>
    protected void TakeClose(WebSocketCloseStatus? status) => _closeStatus ??= status;

    /// <summary>Nothing more will be read.</summary>
    /// <param name="failure">What reading threw, if the peer has not closed.</param>
    protected async Task FinishAsync(Exception? failure)
    {
        try
        {
            var reason = CloseReason.TransportClose;
            string? description = null;
            switch (failure)
            {
                case null:
                    break;
                case ClientMessageException broken:
                    _closeStatus ??= broken.Status;
                    (reason, description) = (CloseReason.TransportError, broken.Message);
                    break;
                case WebSocketException { WebSocketErrorCode: not WebSocketError.ConnectionClosedPrematurely }:
                    (reason, description) = (CloseReason.TransportError, failure.Message);
                    break;
                default:
                    // Whatever else reading throws means that the connection is gone.
                    Log.ConnectionLost(Services.Logger, Session.Number, failure.Message);
                    break;
            }

            if (_isCandidate) Session.FailUpgrade(this, UpgradeOutcome.Failed);
            else Session.End(reason, description);

            await WhenClosed();

            Services.Clock.Disarm(this);
            lock (this) _context = null;
            Release();
        }
        finally
        {
            Services.Rundown.Leave();
        }
    }

    /// <summary>Takes in one message.</summary>
    protected async ValueTask TakeAsync(ReadOnlyMemory<byte> message, bool isBinary)
    {
        if (!EngineIOPacket.TryRead(message, isBinary, out var packet))
        {
            Refuse(CloseReason.ParseError, "invalid packet in a WebSocket message");
            return;
        }

        if (!_isCandidate)
        {
            Session.Receive(packet, isBorrowed: true);
            await Session.WhenReadyAsync();
            return;
        }

        switch (Session.ReceiveFromCandidate(this, packet))
        {
            case CandidateStep.AnswerProbe:
                await WriteAsync(ProbeAnswer);
                Session.CompleteProbe(this);
                break;
            case CandidateStep.Switched:
                _isCandidate = false;
                break;
            default:
                Session.FailUpgrade(this, UpgradeOutcome.Failed);
                break;
        }
    }

    /// <summary>A message is longer than the limit.</summary>
    protected void RefuseOversize()
    {
        _closeStatus = WebSocketCloseStatus.MessageTooBig;
        Refuse(CloseReason.TransportError, "a WebSocket message was larger than MaxHttpBufferSize");
    }

    private async Task WriteAsync()
    {
        if (_hasBatch)
        {
            _hasBatch = false;
            bool more;
            do
            {
                var succeeded = !Session.TryTakeBatch(out var batch) || await TryWriteAsync(batch);
                more = Session.CompleteBatch(batch, succeeded, canContinue: true);
            }
            while (more);
        }

        if (_hasEnded && Interlocked.Exchange(ref _isClosing, 1) == 0) await CloseAsync();
    }

    private async Task<bool> TryWriteAsync(Outbox.Batch batch)
    {
        try
        {
            await WriteAsync(batch);
            return true;
        }
        catch (Exception exception)
        {
            Log.ConnectionLost(Services.Logger, Session.Number, exception.Message);
            return false;
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await WriteCloseAsync(_closeStatus ?? WebSocketCloseStatus.Empty);
        }
        catch (Exception exception)
        {
            Log.ConnectionLost(Services.Logger, Session.Number, exception.Message);
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

    private void Refuse(CloseReason reason, string description)
    {
        if (_isCandidate) Session.FailUpgrade(this, UpgradeOutcome.Failed);
        else Session.End(reason, description);
    }
}
