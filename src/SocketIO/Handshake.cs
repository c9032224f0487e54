using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.SocketIO;

/// <summary>
/// What the client said when it connected (<c>socket.handshake</c>). It describes the first HTTP request of the connection, also after
/// an upgrade, except for <see cref="Auth"/>, which every namespace gets for itself. As an argument of an event, or in a socket's data, it
/// has the shape of JavaScript: <c>headers</c>, <c>time</c>, <c>address</c>, <c>xdomain</c>, <c>secure</c>, <c>issued</c>, <c>url</c>,
/// <c>query</c> and <c>auth</c>.
/// </summary>
[JsonConverter(typeof(HandshakeConverter))]
public sealed class Handshake
{
    // Parsed JSON may take ten times its length, for as long as the socket lives: what is longer than this is parsed when it is asked for.
    private const int LongestParsedAuth = 1024;

    private static readonly object NoAuth = JsonElement.Parse("{}");

    // What all sockets of a connection have in common is there once.
    private readonly SessionRequest _request;
    private readonly PacketSerializer _serializer;
    private readonly ReadOnlyMemory<byte> _auth;
    private object? _parsedAuth;

    /// <param name="request">The first request of the connection.</param>
    /// <param name="auth">An object in JSON that has been found in order, or nothing.</param>
    /// <param name="serializer">How <see cref="GetAuth{T}"/> reads it.</param>
    internal Handshake(SessionRequest request, ReadOnlyMemory<byte> auth, PacketSerializer serializer)
    {
        _request = request;
        _serializer = serializer;
        _auth = auth;
        _parsedAuth = auth.IsEmpty ? NoAuth : null;
    }

    /// <summary>The request headers.</summary>
    public IHeaderDictionary Headers => _request.Headers;

    /// <summary>The query parameters, those of the protocol (<c>EIO</c>, <c>transport</c>) included.</summary>
    public IQueryCollection Query => _request.Query;

    /// <summary>
    /// What the client gave as <c>auth</c>: always an object, empty when it gave nothing. A large one is parsed each time it is asked for.
    /// </summary>
    /// <example><code>string? token = socket.Handshake.Auth.GetString("token");</code></example>
    public JsonElement Auth
    {
        get
        {
            if (Volatile.Read(ref _parsedAuth) is JsonElement parsed)
            {
                return parsed;
            }

            // The decoder has checked the depth already, so none is set here.
            parsed = JsonElement.Parse(_auth.Span, new JsonDocumentOptions { MaxDepth = int.MaxValue });
            if (_auth.Length <= LongestParsedAuth)
            {
                Volatile.Write(ref _parsedAuth, parsed);
            }

            return parsed;
        }
    }

    /// <summary>The client's address as ASP.NET Core saw it.</summary>
    public string? Address => _request.RemoteAddress?.ToString();

    /// <summary>Whether the request came over HTTPS.</summary>
    public bool Secure => _request.IsSecure;

    /// <summary>Whether the request named an <c>Origin</c> (<c>xdomain</c>).</summary>
    public bool CrossDomain => _request.IsCrossDomain;

    /// <summary>When the request arrived (<c>issued</c>).</summary>
    public DateTimeOffset IssuedAt => _request.IssuedAt;

    /// <summary>When the request arrived, as the text that JavaScript makes of a date where the clock shows UTC.</summary>
    public string Time => IssuedAt.UtcDateTime.ToString(
        "ddd MMM dd yyyy HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'", CultureInfo.InvariantCulture);

    /// <summary>The path and query of the request.</summary>
    public string Url => _request.Url;

    /// <summary><see cref="Auth"/> as a type of the application.</summary>
    /// <exception cref="JsonException">The client sent something else.</exception>
    public T? GetAuth<T>() => _serializer.Deserialize<T>(new RawArgument(JsonMarshal.GetRawUtf8Value(Auth).ToArray(), []));
}

/// <summary>Reads single values of <see cref="Handshake.Auth"/>.</summary>
public static class HandshakeAuthExtensions
{
    /// <summary>
    /// A text of the object, or <see langword="null"/> when it is missing or no text. Half of a surrogate pair, which a JavaScript string
    /// may hold, is kept; <see cref="JsonElement.GetString"/> throws over it.
    /// </summary>
    public static string? GetString(this JsonElement auth, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return JsonText.TryGetProperty(auth, name, out var value) && value.ValueKind == JsonValueKind.String
            ? JsonText.GetString(value)
            : null;
    }
}
