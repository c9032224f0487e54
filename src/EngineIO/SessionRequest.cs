using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace OrleansRooms.EngineIO;

/// <summary>
/// A copy of what the first HTTP request of a session said. It outlives the request, whose <c>HttpContext</c> must not be
/// touched once a poll has been answered.
/// </summary>
public sealed class SessionRequest
{
    // Most clients are anonymous and nobody asks for their principal.
    private ClaimsPrincipal? _user;

    /// <summary>The path and query as the client sent them.</summary>
    public required string Url { get; init; }

    /// <summary>The query parameters, those of the protocol (<c>EIO</c>, <c>transport</c>, <c>t</c>) included.</summary>
    public required IQueryCollection Query { get; init; }

    /// <summary>The request headers.</summary>
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>The client's address as ASP.NET Core saw it; behind a proxy, use the forwarded headers middleware.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>Whether the request came over HTTPS.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>Who ASP.NET Core's authentication says is calling; an anonymous principal without it.</summary>
    public ClaimsPrincipal User
    {
        get => _user ?? Interlocked.CompareExchange(ref _user, new ClaimsPrincipal(new ClaimsIdentity()), null) ?? _user;
        init => _user = value;
    }

    /// <summary>When the handshake arrived.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Whether the request named an <c>Origin</c>, that is, came from a web page of another site or a browser WebSocket.</summary>
    public bool IsCrossDomain => Headers.ContainsKey("Origin");

    internal static SessionRequest Capture(HttpContext context, DateTimeOffset now)
    {
        var request = context.Request;

        // The server recycles its header collection; the query it parsed for this request alone stays as it is.
        var headers = new HeaderDictionary(request.Headers.Count);
        foreach (var (name, value) in request.Headers) headers[name] = value;

        return new SessionRequest
        {
            Url = request.GetEncodedPathAndQuery(),
            Query = request.Query,
            Headers = headers,
            RemoteAddress = context.Connection.RemoteIpAddress,
            IsSecure = request.IsHttps,
            _user = context.Features.Get<IHttpAuthenticationFeature>()?.User,
            IssuedAt = now,
        };
    }
}
