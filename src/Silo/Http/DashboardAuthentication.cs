using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Silo.Http;

/// <summary>Asks for the one name and password of the dashboard (RFC 7617), which every browser can do without a page of ours.</summary>
internal sealed class DashboardAuthentication(
    SiloHttpOptions settings, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Basic";

    private const string Prefix = SchemeName + " ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Hashes have the same length, so the comparison tells nothing of the password's.
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes($"{settings.DashboardUser}:{settings.DashboardPassword}"));
        var given = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Prefix.Length..].Trim(), given, out var length)
            || !CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(given.AsSpan(0, length))))
        {
            return Task.FromResult(AuthenticateResult.Fail("Name or password is wrong."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, settings.DashboardUser)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = $"{SchemeName} realm=\"silo\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }
}
