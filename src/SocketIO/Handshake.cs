using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>
/// What the client said when it connected (<c>socket.handshake</c>). It describes the first HTTP request of the connection, also after
/// an upgrade, except for <see cref="Auth"/>, which every namespace gets for itself.
/// </summary>
public sealed class Handshake
{
    // Parsed JSON may take ten times its length, for as long as the socket lives: what is longer than this is parsed when it is asked for.
    private const int LongestParsedAuth = 1024;

    private static readonly object NoAuth = JsonElement.Parse("{}");

    // What all sockets of a connection have in common is there once.
    private readonly SessionRequest _request;
    private readonly JsonSerializerOptions _json;
    private readonly ReadOnlyMemory<byte> _auth;
    private object? _parsedAuth;

    /// <param name="request">The first request of the connection.</param>
    /// <param name="auth">An object in JSON that has been found in order, or nothing.</param>
    /// <param name="json">How <see cref="GetAuth{T}"/> reads it.</param>
    internal Handshake(SessionRequest request, ReadOnlyMemory<byte> auth, JsonSerializerOptions json)
    {
        _request = request;
        _json = json;
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

    /// <summary>When the request arrived, as text.</summary>
    public string Time => IssuedAt.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The path and query of the request.</summary>
    public string Url => _request.Url;

    /// <summary><see cref="Auth"/> as a type of the application.</summary>
    /// <exception cref="JsonException">The client sent something else.</exception>
    public T? GetAuth<T>() => Auth.Deserialize<T>(_json);
}

/// <summary>Reads single values of <see cref="Handshake.Auth"/>.</summary>
public static class HandshakeAuthExtensions
{
    /// <summary>A text of the object, or <see langword="null"/> when it is missing or no text.</summary>
    public static string? GetString(this JsonElement auth, string name) =>
        auth.ValueKind == JsonValueKind.Object && auth.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
