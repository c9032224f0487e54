using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace OrleansRooms.EngineIO;

/// <summary>
/// A copy of what the first HTTP request of a session said. It outlives the request, whose <c>HttpContext</c> must not be
/// touched once a poll has been answered.
/// </summary>
public sealed class SessionRequest
{
    // Most clients are anonymous and nobody asks for their principal.
    private ClaimsPrincipal? _user;

    // Nor for the query, nor for the headers, which as a dictionary take more than twice as much.
    private QueryString _queryText;
    private IQueryCollection? _query;
    private FoldedHeaders? _foldedHeaders;
    private IHeaderDictionary? _headers;

    /// <summary>The path and query as the client sent them.</summary>
    public required string Url { get; init; }

    /// <summary>The query parameters, those of the protocol (<c>EIO</c>, <c>transport</c>, <c>t</c>) included.</summary>
    public required IQueryCollection Query
    {
        get => _query ?? Interlocked.CompareExchange(
            ref _query, new QueryCollection(QueryHelpers.ParseQuery(_queryText.Value)), null) ?? _query;
        init => _query = value;
    }

    /// <summary>The request headers.</summary>
    public required IHeaderDictionary Headers
    {
        get => _headers ?? Interlocked.CompareExchange(ref _headers, _foldedHeaders!.Unfold(), null) ?? _headers;
        init => _headers = value;
    }

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

    /// <summary>
    /// When the authentication of <see cref="User"/> expires, as its scheme says in <see cref="AuthenticationProperties.ExpiresUtc"/>;
    /// <see langword="null"/> when it does not say or nobody is authenticated.
    /// </summary>
    public DateTimeOffset? AuthenticationExpiresAt { get; init; }

    /// <summary>When the handshake arrived.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Whether the request named an <c>Origin</c>, that is, came from a web page of another site or a browser WebSocket.</summary>
    public bool IsCrossDomain => Headers.ContainsKey("Origin");

    /// <summary>
    /// Whether a later request comes from the same user, where there was one. Users are told apart by their identifier, else by their name.
    /// </summary>
    internal bool IsOfSameUser(HttpContext context)
    {
        if (_user is not { Identity.IsAuthenticated: true } user) return true;
        var current = context.Features.Get<IHttpAuthenticationFeature>()?.User;
        return ReferenceEquals(user, current)
            || (current is { Identity.IsAuthenticated: true } && IdentifierOf(user) == IdentifierOf(current));
    }

    private static string? IdentifierOf(ClaimsPrincipal user) =>
        (user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub"))?.Value ?? user.Identity?.Name;

    internal static SessionRequest Capture(HttpContext context, DateTimeOffset now)
    {
        var request = context.Request;

        return new SessionRequest
        {
            Url = UrlOf(request),
            Query = null!,
            _queryText = request.QueryString,
            Headers = null!,
            _foldedHeaders = new FoldedHeaders(request.Headers),
            RemoteAddress = context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress,
            IsSecure = request.IsHttps,
            AuthenticationExpiresAt = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc,
            _user = context.Features.Get<IHttpAuthenticationFeature>()?.User,
            IssuedAt = now,
        };
    }

    /// <summary>The text that the server has already, wherever it is no whole address.</summary>
    private static string UrlOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? target : request.GetEncodedPathAndQuery();
}
