using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO;

/// <summary>
/// How an Engine.IO server behaves. The names and defaults are those of the options in Socket.IO's documentation ("Server
/// options", low-level engine options) with durations as <see cref="TimeSpan"/>.
/// </summary>
public class EngineIOOptions
{
    /// <summary>
    /// How long after the handshake, or after the last pong, the server sends its next ping. Raising it saves traffic and
    /// notices dead clients later. Default: 25 seconds.
    /// </summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a client may take to answer a ping before its session ends with <see cref="CloseReason.PingTimeout"/>. Raising
    /// it forgives slow networks and busy browsers, and notices dead clients later. Default: 20 seconds.
    /// </summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a client may take from opening the WebSocket to completing the upgrade. Past it the WebSocket is closed and the
    /// session stays on polling. Default: 10 seconds.
    /// </summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a session that the server closes may take to collect what is still queued for it, after which it ends without
    /// having got it. Default: 30 seconds.
    /// </summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most bytes that one POST body or one WebSocket message from a client may have; clients learn it in the handshake
    /// (<c>maxPayload</c>) and split their POST bodies accordingly. A larger body is answered 413, a larger message closes the
    /// WebSocket with status 1009. Raising it lets one client hold more memory. Default: 1,000,000.
    /// </summary>
    public int MaxHttpBufferSize { get; set; } = 1_000_000;

    /// <summary>
    /// The most bytes that may wait to be sent to one session, those being written included and the largest message left out, so
    /// that a single message may exceed it. A session that falls further behind is closed with
    /// <see cref="CloseReason.TransportError"/>, so that a client that does not read cannot fill the server's memory. Raising it
    /// forgives slower clients and larger bursts at the price of memory. Default: 8 MiB.
    /// </summary>
    public long MaxBufferedBytesPerSession { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The most sessions that the server holds at a time; further handshakes are answered 503. Default: 100,000.
    /// </summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>
    /// The most sessions of one client address, or of one /64 network of IPv6, that have not been admitted
    /// (<see cref="IEngineSession.Admit"/>): with Socket.IO, whose clients have entered no namespace. Further handshakes are
    /// answered 429. It keeps one client from taking all of <see cref="MaxSessions"/> with handshakes alone. Behind a proxy all clients
    /// have its address unless forwarded headers are used: use them, or raise it. Default: 2,000.
    /// </summary>
    public int MaxPendingSessionsPerAddress { get; set; } = 2_000;

    /// <summary>
    /// Decides whether a client may open a session, after the request itself was found in order. Called once per handshake and
    /// never for the requests of an existing session. <see langword="null"/> admits everybody. What it throws is logged and
    /// refuses the client. Default: <see langword="null"/>.
    /// </summary>
    public Func<HttpContext, CancellationToken, ValueTask<AllowRequestResult>>? AllowRequest { get; set; }

    /// <summary>
    /// Makes the id of a new session. Ids must be unguessable and unique across all servers, for who knows one can take over
    /// its session. <see langword="null"/> uses 15 random bytes, written as 20 characters. What it throws is logged and answered
    /// with 400. Default: <see langword="null"/>.
    /// </summary>
    public Func<HttpContext, CancellationToken, ValueTask<string>>? GenerateId { get; set; }

    /// <summary>The transports that clients may use. Default: <see cref="EngineTransport.All"/>.</summary>
    public EngineTransport Transports { get; set; } = EngineTransport.All;

    /// <summary>Whether a client on polling is told that it may upgrade to WebSocket. Default: <see langword="true"/>.</summary>
    public bool AllowUpgrades { get; set; } = true;

    /// <summary>
    /// Compression of WebSocket messages (RFC 7692) for clients that offer it. It costs each connection tens of kilobytes and
    /// every recipient of a broadcast its own encoding; <see langword="null"/> turns it off. Default: <see langword="null"/>.
    /// </summary>
    public PerMessageDeflateOptions? PerMessageDeflate { get; set; }

    /// <summary>Compression of poll responses; <see langword="null"/> turns it off. Default: on from 1024 bytes.</summary>
    public HttpCompressionOptions? HttpCompression { get; set; } = new();

    /// <summary>
    /// A message sent to every client right behind the handshake, in the same response; <see langword="null"/> for none.
    /// Default: <see langword="null"/>.
    /// </summary>
    public string? InitialPacket { get; set; }

    /// <summary>
    /// The cookie that carries the session id, set by the first response of a session that starts on polling. Needed only by
    /// load balancers that route by cookie; <see cref="SessionCookieBuilder"/> has Socket.IO's defaults. <see langword="null"/> sets
    /// none. Default: <see langword="null"/>.
    /// </summary>
    public CookieBuilder? Cookie { get; set; }

    /// <summary>
    /// Which web pages of other origins may connect. Applied by the engine itself to every response, errors and WebSocket
    /// handshakes included, and enforced: requests of pages that it does not name are refused. Leave it <see langword="null"/> when the
    /// endpoint uses ASP.NET Core's own <c>RequireCors</c>, which is enforced in the same way. Default: <see langword="null"/>.
    /// </summary>
    public CorsPolicy? Cors { get; set; }

    /// <summary>
    /// Whether, without a CORS policy, requests of web pages of other origins are refused: those whose <c>Origin</c> is not the host of the
    /// request itself. <see langword="false"/> lets such requests in as long as they carry no cookies. Clients that are no browsers send no
    /// <c>Origin</c> and are not concerned. Default: <see langword="true"/>.
    /// </summary>
    public bool RequireSameOrigin { get; set; } = true;

    /// <summary>
    /// Whether web pages of any origin may connect, whatever cookies their requests carry, as suits a public server: responses let
    /// browsers read them, without credentials. Nobody should be known to such a server by a cookie. Default: <see langword="false"/>.
    /// </summary>
    public bool AllowAnyOrigin { get; set; }

    /// <summary>
    /// Whether the requests of a session whose first one was authenticated have to come from the same user, the upgrade to WebSocket
    /// included; others are answered as if there were no such session. <see langword="false"/> suits clients that can authenticate only
    /// their first request, and leaves a session to whoever knows its id. Default: <see langword="true"/>.
    /// </summary>
    public bool RequireSameUser { get; set; } = true;

    /// <summary>
    /// Whether the path needs its trailing slash, which Socket.IO clients send: with <see langword="true"/>,
    /// <c>/socket.io?EIO=4</c> is not found. Default: <see langword="true"/>.
    /// </summary>
    public bool AddTrailingSlash { get; set; } = true;
}

/// <summary>Compression of poll responses.</summary>
public sealed class HttpCompressionOptions
{
    /// <summary>Responses of fewer bytes stay uncompressed. Default: 1024.</summary>
    public int Threshold { get; set; } = 1024;
}

/// <summary>Compression of WebSocket messages, RFC 7692.</summary>
public sealed class PerMessageDeflateOptions
{
    /// <summary>Messages of fewer bytes stay uncompressed. Default: 1024.</summary>
    public int Threshold { get; set; } = 1024;

    /// <summary>
    /// The base-two logarithm of the server's compression window, 9 to 15. Lowering it saves memory per connection and
    /// compresses worse. Default: 15.
    /// </summary>
    public int ServerMaxWindowBits { get; set; } = 15;

    /// <summary>
    /// Whether every message is compressed on its own. <see langword="true"/> saves memory between messages and compresses
    /// worse. Default: <see langword="false"/>.
    /// </summary>
    public bool DisableServerContextTakeover { get; set; }
}
