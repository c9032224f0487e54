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

    private readonly JsonSerializerOptions _json;

    internal Handshake(SessionRequest request, JsonElement? auth, JsonSerializerOptions json)
    {
        _json = json;
        Headers = request.Headers;
        Query = request.Query;
        Auth = auth ?? NoAuth;
        Address = request.RemoteAddress?.ToString();
        Secure = request.IsSecure;
        CrossDomain = request.IsCrossDomain;
        IssuedAt = request.IssuedAt;
        Url = request.Url;
    }

    internal Handshake(
        IHeaderDictionary headers, IQueryCollection query, JsonElement auth, string? address, bool secure, bool crossDomain,
        DateTimeOffset issuedAt, string url, JsonSerializerOptions json)
    {
        _json = json;
        Headers = headers;
        Query = query;
        Auth = auth;
        Address = address;
        Secure = secure;
        CrossDomain = crossDomain;
        IssuedAt = issuedAt;
        Url = url;
    }

    /// <summary>The request headers.</summary>
    public IHeaderDictionary Headers { get; }

    /// <summary>The query parameters, those of the protocol (<c>EIO</c>, <c>transport</c>) included.</summary>
    public IQueryCollection Query { get; }

    /// <summary>
    /// What the client gave as <c>auth</c>: always an object, empty when it gave nothing.
    /// </summary>
    /// <example><code>string? token = socket.Handshake.Auth.GetString("token");</code></example>
    public JsonElement Auth { get; }

    /// <summary>The client's address as ASP.NET Core saw it.</summary>
    public string? Address { get; }

    /// <summary>Whether the request came over HTTPS.</summary>
    public bool Secure { get; }

    /// <summary>Whether the request named an <c>Origin</c> (<c>xdomain</c>).</summary>
    public bool CrossDomain { get; }

    /// <summary>When the request arrived (<c>issued</c>).</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>When the request arrived, as text.</summary>
    public string Time => IssuedAt.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The path and query of the request.</summary>
    public string Url { get; }

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
