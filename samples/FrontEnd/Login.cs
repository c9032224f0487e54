using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace OrleansRooms.Samples.FrontEnd;

/// <summary>
/// Name and password for a token. The users are in the configuration, where an application of its own would have ASP.NET Core Identity.
/// </summary>
internal sealed record Login(string Name, string Password)
{
    public static IResult SignIn(Login login, IConfiguration configuration)
    {
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(configuration[$"Users:{login.Name}"] ?? ""));
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(login.Password ?? ""));
        if (string.IsNullOrEmpty(login.Password) || !CryptographicOperations.FixedTimeEquals(expected, given))
        {
            return Results.Unauthorized();
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, login.Name)], BearerTokenDefaults.AuthenticationScheme);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }
}
