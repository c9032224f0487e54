using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansRooms.EngineIO.Requests;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Transports;

namespace OrleansRooms.EngineIO;

/// <summary>
/// An Engine.IO server, protocol revision 4: turns HTTP requests into sessions over long-polling and WebSocket. Clients of
/// revision 3, JSONP and WebTransport are refused. All members are thread-safe.
/// </summary>
public sealed partial class EngineIOServer : IAsyncDisposable
{
    private readonly EngineIOOptions _options;
    private readonly IEngineSessionAcceptor _acceptor;
    private readonly SessionServices _services;
    private readonly RequestVerifier _verifier;
    private readonly PollingRequests _polling;
    private readonly Handshake _handshake;
    private readonly OriginGate _origins;
    private readonly Occasion _originRefusals;
    private readonly Occasion _userChanges;

    /// <summary>Creates a server; it begins to work with the first request.</summary>
    /// <param name="options">How the server behaves. They must not change any more.</param>
    /// <param name="acceptor">Gives every session its handler.</param>
    /// <param name="time">Where the server takes the time from.</param>
    /// <param name="loggers">Where the server logs.</param>
    /// <param name="meters">Where the server's meter <c>OrleansRooms.EngineIO</c> comes from.</param>
    /// <param name="name">
    /// Tells several servers of one process apart: their meters carry it as <c>orleansrooms.server</c>. <see langword="null"/> for none.
    /// </param>
    /// <exception cref="OptionsValidationException">The options contain mistakes; the message says what to change.</exception>
    public EngineIOServer(
        EngineIOOptions options, IEngineSessionAcceptor acceptor, TimeProvider time, ILoggerFactory loggers, IMeterFactory meters,
        string? name = null)
    {
        var mistakes = EngineIOOptionsValidator.Find(options);
        if (mistakes.Count > 0) throw new OptionsValidationException(nameof(EngineIOOptions), options.GetType(), mistakes);

        _options = options;
        _acceptor = acceptor;
        var sessions = new SessionTable(options.MaxSessions, options.MaxPendingSessionsPerAddress);
        _services = new SessionServices(
            options,
            time,
            new HeartbeatClock(options, time),
            sessions,
            new Rundown(),
            new Farewells(),
            new Leavers(time),
            new EngineIOMetrics(meters, name, sessions),
            loggers.CreateLogger<EngineIOServer>());
        _verifier = new RequestVerifier(options, sessions, _services.Leavers);
        _polling = new PollingRequests(options, _services.Farewells);
        _handshake = new Handshake(options);
        _origins = new OriginGate(options, loggers);
        _originRefusals = new Occasion(time);
        _userChanges = new Occasion(time);
    }

    /// <summary>
    /// A request was refused with a code of the protocol. Raised on the request's thread before the answer is written.
    /// </summary>
    public event EventHandler<ConnectionErrorEventArgs>? ConnectionError;

    /// <summary>
    /// The first response of a session is about to start: that of the polling handshake, or the acceptance of a WebSocket
    /// (<c>initial_headers</c>). Raised once per session, before <see cref="Headers"/>.
    /// </summary>
    public event EventHandler<ResponseHeadersEventArgs>? InitialHeaders;

    /// <summary>
    /// A successful response of a session is about to start: a poll, a POST, or the acceptance of a WebSocket (<c>headers</c>).
    /// </summary>
    public event EventHandler<ResponseHeadersEventArgs>? Headers;

    /// <summary>
    /// A session has begun (<c>connection</c> of <c>io.engine</c>), its handler is there and its handshake queued;
    /// <see cref="IEngineSession.Events"/> tells what happens to it from now on. Raised on the request's thread before anything of the
    /// client's is read.
    /// </summary>
    public event EventHandler<EngineSessionEventArgs>? SessionOpened;

    /// <summary>The options with which the server was created.</summary>
    public EngineIOOptions Options => _options;

    /// <summary>How many sessions there are at this moment, closing ones included.</summary>
    public int ClientsCount => _services.Sessions.Count;

    /// <summary>
    /// Serves one request of whatever method; who routes requests here decides on the path alone. For a WebSocket the task
    /// lasts as long as the connection.
    /// </summary>
    public Task HandleAsync(HttpContext context)
    {
        if (!_services.Rundown.TryEnter()) return TurnAwayAsync(context);

        // Everything up to here is over, and its memory free, while an accepted WebSocket goes on; so is this, unless the application took
        // its time.
        var serving = ServeAsync(context);
        return serving is { IsCompletedSuccessfully: true, Result: { } webSocket } ? webSocket.RunAsync() : FinishAsync(serving);
    }

    /// <summary>
    /// Ends all sessions with <see cref="CloseReason.ServerShuttingDown"/> and turns away new requests. What is queued is
    /// discarded, waiting polls return, WebSockets are closed; clients between two polls hear of it on the next one, for which they have
    /// two seconds. Completes when every request has ended and every handler and every client has been told.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for clients that do not answer: their connections are cut.</param>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        var done = _services.Rundown.CloseAsync();
        foreach (var session in _services.Sessions) EndWithServer(session);

        var told = _services.Farewells.WhenToldAsync().WaitAsync(Farewells.Patience, _services.Time, cancellationToken);
        try
        {
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _services.Farewells.StopWaiting();
            await done.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.ShutdownCutShort(_services.Logger);
            _services.Clock.Expire(DeadlineKind.Linger);
            _services.Farewells.GiveUp();
        }
    }

    /// <summary>Closes the server as <see cref="CloseAsync"/> does, waiting for clients only as long as they may take to answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        _services.Clock.Dispose();
        _services.Metrics.Dispose();
    }

    private async Task TurnAwayAsync(HttpContext context)
    {
        if (_origins.Apply(context)) return;

        var id = ProtocolQuery.Read(context.Request.QueryString).SessionId ?? "";

        // The shutdown has not come to this session yet.
        if (_services.Sessions.TryGet(id, out var session)) EndWithServer(session);

        if (!await _polling.TrySayFarewellAsync(context, id)) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    private async Task FinishAsync(ValueTask<WebSocketTransport?> serving)
    {
        WebSocketTransport? webSocket = null;
        try
        {
            webSocket = await serving;
        }
        finally
        {
            if (webSocket is null) _services.Rundown.Leave();
        }

        if (webSocket is not null) await webSocket.RunAsync();
    }

    /// <summary>Answers a request, or accepts its WebSocket, which is then to be run, and leaves the rundown when it has ended.</summary>
    private async ValueTask<WebSocketTransport?> ServeAsync(HttpContext context)
    {
        // :: Step 1: cross-origin headers, so that errors have them too.
        if (_origins.Apply(context)) return null;

        // :: Steps 2 to 5: is the request in order?
        if (_verifier.Verify(context, await _origins.IsForeignAsync(context), out var request) is { } refusal)
        {
            // The session may have ended with the server after this request had come.
            if (_services.Rundown.IsClosed && await _polling.TrySayFarewellAsync(context, request.Query.SessionId ?? "")) return null;
            await RefuseAsync(context, refusal, request.IsWebSocket);
            return null;
        }

        RaiseHeadersWhenStarting(context, isInitial: request.Session is null && !request.HasLeft);
        if (request.HasLeft)
        {
            await PollResponse.WriteAsync(context, PollResponse.Noop);
            return null;
        }

        if (request.Session is not { } session) return await BeginSessionAsync(context, request);

        if (request.IsWebSocket)
        {
            var webSocket = WebSocketTransport.Create(
                await AcceptWebSocketAsync(context), context, request.Query.IsTextOnly, session, _services);
            webSocket.BeginUpgrade();
            return webSocket;
        }

        if (!await _polling.ServeAsync(context, session))
        {
            await RefuseAsync(context, Refusal.TransportMismatch(TransportNames.Polling, EngineTransport.WebSocket), isWebSocket: false);
        }

        return null;
    }

    private async ValueTask<WebSocketTransport?> BeginSessionAsync(HttpContext context, EngineRequest engineRequest)
    {
        var (refusal, id) = await AdmitAsync(context, engineRequest.Query);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal, engineRequest.IsWebSocket);
            return null;
        }

        var request = SessionRequest.Capture(context, _services.Time.GetUtcNow());
        if (engineRequest.IsWebSocket) return await BeginOverWebSocketAsync(context, id, request, engineRequest.Query.IsTextOnly);

        await BeginOverPollingAsync(context, id, request);
        return null;
    }

    /// <summary>The checks that only a handshake has to pass, some of which wait for the application.</summary>
    private async ValueTask<(Refusal? Refusal, string Id)> AdmitAsync(HttpContext context, ProtocolQuery query)
    {
        // :: Step 5, last part: does the application want this client?
        if (_options.AllowRequest is { } allowRequest)
        {
            var result = AllowRequestResult.Refuse();
            try
            {
                result = await allowRequest(context, context.RequestAborted);
            }
            catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
            {
                Log.AllowRequestFailed(_services.Logger, exception);
            }

            if (!result.IsAllowed) return (Refusal.Forbidden(result.Message), "");
        }

        // :: Step 6: revision and id. Without a revision a client is taken for one of revision 3.
        if (query.Revision != "4") return (Refusal.UnsupportedProtocolVersion(), "");
        var limit = _services.Sessions.LimitFor(RemoteAddressOf(context));
        if (limit != SessionLimit.None) return (RefusalFor(limit, context), "");

        try
        {
            var id = _options.GenerateId is { } generateId ? await generateId(context, context.RequestAborted) : RandomId.Create();
            if (!string.IsNullOrEmpty(id) && !_services.Sessions.TryGet(id, out _)) return (null, id);
            Log.IdTaken(_services.Logger);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.GenerateIdFailed(_services.Logger, exception);
        }

        return (Refusal.IdGenerationError(), "");
    }

    private async Task BeginOverPollingAsync(HttpContext context, string id, SessionRequest request)
    {
        var session = new Session(id, request, _services, static _ => new PollingTransport());
        var limit = TryOpen(session);
        if (limit != SessionLimit.None)
        {
            await RefuseAsync(context, RefusalFor(limit, context), isWebSocket: false);
            return;
        }

        if (_options.Cookie is { } cookie)
        {
            context.Response.Headers.Append(HeaderNames.SetCookie, SessionCookie.Format(cookie, context, id));
        }
        await _polling.ServeAsync(context, session);
    }

    private async ValueTask<WebSocketTransport?> BeginOverWebSocketAsync(
        HttpContext context, string id, SessionRequest request, bool isTextOnly)
    {
        var socket = await AcceptWebSocketAsync(context);
        WebSocketTransport? transport = null;
        var session = new Session(
            id, request, _services, session => transport = WebSocketTransport.Create(socket, context, isTextOnly, session, _services));
        var limit = TryOpen(session);
        if (limit == SessionLimit.None) return transport;

        // The last free place was taken since the check, and a refusal cannot be sent any more.
        RefusalFor(limit, context);
        context.Abort();
        return null;
    }

    private SessionLimit TryOpen(Session session)
    {
        var limit = _services.Sessions.TryAdd(session);
        if (limit != SessionLimit.None) return limit;
        session.Open(_handshake.Create(session.Id, session.Transport), _acceptor);
        if (SessionOpened is not null) TellOpened(session);

        // The shutdown may have gone through the sessions a moment before this one was added.
        if (_services.Rundown.IsClosed) EndWithServer(session);
        return SessionLimit.None;
    }

    private void TellOpened(Session session) => session.Tell(() => SessionOpened?.Invoke(this, new EngineSessionEventArgs(session)));

    private void EndWithServer(Session session)
    {
        if (session.Transport == EngineTransport.Polling) _services.Farewells.Add(session);
        session.End(CloseReason.ServerShuttingDown, description: null);

        // An upgrade may have been quicker.
        if (session.Transport != EngineTransport.Polling) _services.Farewells.Told(session.Id);
    }

    private Task<WebSocket> AcceptWebSocketAsync(HttpContext context)
    {
        // Engine.IO has its own heartbeat.
        var acceptance = new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan };
        if (_options.PerMessageDeflate is { } deflate)
        {
            acceptance.DangerousEnableCompression = true;
            acceptance.ServerMaxWindowBits = deflate.ServerMaxWindowBits;
            acceptance.DisableServerContextTakeover = deflate.DisableServerContextTakeover;
        }

        return context.Features.GetRequiredFeature<IHttpWebSocketFeature>().AcceptAsync(acceptance);
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal, bool isWebSocket)
    {
        Log.Refused(_services.Logger, refusal.Code, refusal.Message);
        if (refusal.IsForeignOrigin && _originRefusals.TryTake())
        {
            Log.OriginRefused(_services.Logger, context.Request.Headers.Origin.ToString(), context.Request.Host.Value);
        }

        if (refusal.HasUserChanged && _userChanges.TryTake()) Log.UserChanged(_services.Logger);
        _services.Metrics.RequestRefused(refusal.Code);
        ConnectionError?.Invoke(this, new ConnectionErrorEventArgs(context, refusal.Code, refusal.Message, refusal.Context));
        return refusal.WriteAsync(context, isWebSocket);
    }

    private void RaiseHeadersWhenStarting(HttpContext context, bool isInitial)
    {
        if (Headers is null && InitialHeaders is null) return;
        context.Response.OnStarting(() =>
        {
            // A WebSocket starts with 101, over HTTP/2 with 200; errors are none of the session's responses.
            if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status101SwitchingProtocols)
            {
                var arguments = new ResponseHeadersEventArgs(context);
                if (isInitial) InitialHeaders?.Invoke(this, arguments);
                Headers?.Invoke(this, arguments);
            }

            return Task.CompletedTask;
        });
    }
}
