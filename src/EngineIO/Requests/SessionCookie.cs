using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>Writes the session cookie with its attributes spelled and ordered as the reference server does.</summary>
internal static class SessionCookie
{
    public static string Format(CookieBuilder builder, HttpContext context, string sessionId)
    {
        var options = builder.Build(context);
        var cookie = new StringBuilder()
            .Append(builder.Name ?? SessionCookieBuilder.DefaultName).Append('=').Append(Uri.EscapeDataString(sessionId));

        if (options.MaxAge is { } age) cookie.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)age.TotalSeconds}");
        if (!string.IsNullOrEmpty(options.Domain)) cookie.Append("; Domain=").Append(options.Domain);
        if (!string.IsNullOrEmpty(options.Path)) cookie.Append("; Path=").Append(options.Path);
        if (options.Expires is { } expires) cookie.Append(CultureInfo.InvariantCulture, $"; Expires={expires.UtcDateTime:R}");
        if (options.HttpOnly) cookie.Append("; HttpOnly");
        if (options.Secure) cookie.Append("; Secure");
        if (options.SameSite != SameSiteMode.Unspecified) cookie.Append("; SameSite=").Append(options.SameSite);
        foreach (var extension in options.Extensions) cookie.Append("; ").Append(extension);
        return cookie.ToString();
    }
}
