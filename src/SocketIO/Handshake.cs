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
    internal static readonly JsonElement NoAuth = JsonElement.Parse("{}");

    // What all sockets of a connection have in common is there once.
    private readonly SessionRequest _request;
    private readonly JsonSerializerOptions _json;

    internal Handshake(SessionRequest request, JsonElement? auth, JsonSerializerOptions json)
    {
        _request = request;
        _json = json;
        Auth = auth ?? NoAuth;
    }

    /// <summary>The request headers.</summary>
    public IHeaderDictionary Headers => _request.Headers;

    /// <summary>The query parameters, those of the protocol (<c>EIO</c>, <c>transport</c>) included.</summary>
    public IQueryCollection Query => _request.Query;

    /// <summary>
    /// What the client gave as <c>auth</c>: always an object, empty when it gave nothing.
    /// </summary>
    /// <example><code>string? token = socket.Handshake.Auth.GetString("token");</code></example>
    public JsonElement Auth { get; }

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
