using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>A request refused with a code of the protocol (protocol.md 1.3).</summary>
internal sealed class Refusal
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string? _customMessage;
    private readonly int _status;

    private Refusal(EngineIOError code, Dictionary<string, string> context, string? customMessage = null, int? status = null)
    {
        Code = code;
        Context = context;
        _customMessage = customMessage;
        _status = status ?? (code == EngineIOError.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest);
    }

    public EngineIOError Code { get; }

    /// <summary>The protocol's sentence, which listeners get even when the client is told something else.</summary>
    public string Message => Code switch
    {
        EngineIOError.TransportUnknown => "Transport unknown",
        EngineIOError.SessionIdUnknown => "Session ID unknown",
        EngineIOError.BadHandshakeMethod => "Bad handshake method",
        EngineIOError.BadRequest => "Bad request",
        EngineIOError.Forbidden => "Forbidden",
        _ => "Unsupported protocol version",
    };

    public IReadOnlyDictionary<string, string> Context { get; }

    /// <summary>Whether it is <see cref="ForeignOrigin"/>.</summary>
    public bool IsForeignOrigin { get; private init; }

    /// <summary>Whether it is <see cref="UserChanged"/>.</summary>
    public bool HasUserChanged { get; private init; }

    public static Refusal TransportUnknown(string transport) =>
        new(EngineIOError.TransportUnknown, new() { ["transport"] = transport });

    // The id is a secret, but one that opens nothing.
    public static Refusal SessionIdUnknown(string id) => new(EngineIOError.SessionIdUnknown, new() { ["sid"] = id });

    public static Refusal BadHandshakeMethod(string method) => new(EngineIOError.BadHandshakeMethod, new() { ["method"] = method });

    public static Refusal InvalidOrigin() => new(EngineIOError.BadRequest, new() { ["name"] = "INVALID_ORIGIN" });

    public static Refusal ForeignOrigin() =>
        new(EngineIOError.Forbidden, new() { ["name"] = "ORIGIN_NOT_ALLOWED" }, "Origin not allowed") { IsForeignOrigin = true };

    // Whoever asks does not learn that there is such a session, and listeners, who may log, do not learn its id.
    public static Refusal UserChanged() =>
        new(EngineIOError.SessionIdUnknown, new() { ["name"] = "USER_CHANGED" }) { HasUserChanged = true };

    public static Refusal TransportMismatch(string transport, EngineTransport current) => new(EngineIOError.BadRequest, new()
    {
        ["name"] = "TRANSPORT_MISMATCH",
        ["transport"] = transport,
        ["previousTransport"] = current == EngineTransport.Polling ? TransportNames.Polling : TransportNames.WebSocket,
    });

    public static Refusal TransportHandshakeError() => new(EngineIOError.BadRequest, new() { ["name"] = "TRANSPORT_HANDSHAKE_ERROR" });

    public static Refusal IdGenerationError() => new(EngineIOError.BadRequest, new() { ["name"] = "ID_GENERATION_ERROR" });

    public static Refusal Forbidden(string? message) =>
        new(EngineIOError.Forbidden, message is null ? [] : new() { ["message"] = message }, message);

    public static Refusal TooManySessions() =>
        new(
            EngineIOError.Forbidden, new() { ["name"] = "TOO_MANY_SESSIONS" }, "Too many sessions",
            StatusCodes.Status503ServiceUnavailable);

    public static Refusal TooManyPendingSessions() => new(
        EngineIOError.Forbidden, new() { ["name"] = "TOO_MANY_PENDING_SESSIONS" }, "Too many sessions that are not used",
        StatusCodes.Status429TooManyRequests);

    public static Refusal UnsupportedProtocolVersion() =>
        new(EngineIOError.UnsupportedProtocolVersion, new() { ["protocol"] = "3" });

    /// <summary>
    /// Answers the request: JSON with code and message, or for a WebSocket, whose client sees no body anyway, a plain 400 as the
    /// reference server gives.
    /// </summary>
    public async Task WriteAsync(HttpContext context, bool isWebSocket)
    {
        var response = context.Response;
        var body = new ArrayBufferWriter<byte>();
        if (isWebSocket)
        {
            response.StatusCode = Code == EngineIOError.Forbidden && _status == StatusCodes.Status403Forbidden
                ? StatusCodes.Status400BadRequest
                : _status;
            response.ContentType = "text/html";
            if (HttpProtocol.IsHttp11(context.Request.Protocol)) response.Headers.Connection = "close";
            body.Write(Encoding.UTF8.GetBytes(_customMessage ?? Message));
        }
        else
        {
            response.StatusCode = _status;
            response.ContentType = "application/json";
            WriteJson(body);
        }

        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory);
    }

    private void WriteJson(ArrayBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, Json);
        json.WriteStartObject();
        json.WriteNumber("code"u8, (int)Code);
        json.WriteString("message"u8, _customMessage ?? Message);
        json.WriteEndObject();
    }
}
