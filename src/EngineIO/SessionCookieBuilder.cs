using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO;

/// <summary>
/// The session cookie as Socket.IO sets it with <c>cookie: true</c>: named <c>io</c>, for the path <c>/</c>, out of reach of
/// scripts, <c>SameSite=Lax</c>. Without a <see cref="CookieBuilder.Path"/> the cookie names none.
/// </summary>
public sealed class SessionCookieBuilder : CookieBuilder
{
    /// <summary>Starts from Socket.IO's defaults.</summary>
    public SessionCookieBuilder()
    {
        Name = DefaultName;
        Path = "/";
        HttpOnly = true;
        SameSite = SameSiteMode.Lax;
    }

    /// <inheritdoc/>
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);

        // Any other cookie without a path would get one.
        options.Path = Path;
        return options;
    }

    internal const string DefaultName = "io";
}
