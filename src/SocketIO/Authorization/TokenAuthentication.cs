using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Authorization;

/// <summary>Has a scheme of ASP.NET Core look at a token that the client gave as <c>auth</c> instead of in a header.</summary>
/// <param name="services">The services of the application.</param>
/// <param name="readToken">Finds the token.</param>
/// <param name="scheme">The scheme; <see langword="null"/> for the default one.</param>
internal sealed class TokenAuthentication(IServiceProvider services, Func<Handshake, string?> readToken, string? scheme)
{
    /// <summary>Whom the token names.</summary>
    /// <returns><see langword="null"/> when there is no token.</returns>
    /// <exception cref="ConnectErrorException">The token is not good.</exception>
    public async ValueTask<ClaimsPrincipal?> AuthenticateAsync(ISocket socket)
    {
        if (readToken(socket.Handshake) is not { } token)
        {
            return null;
        }

        await using var scope = services.CreateAsyncScope();
        var context = HandshakeRequest.Create(socket, scope.ServiceProvider);
        context.Request.Headers.Authorization = $"Bearer {token}";
        var result = await context.AuthenticateAsync(scheme);
        if (!result.Succeeded)
        {
            throw new ConnectErrorException(Refusals.Unauthorized, null, result.Failure!);
        }

        (socket as Socket)?.ExpireAt(result.Properties?.ExpiresUtc);
        return result.Principal;
    }

    /// <summary>Finds out whether there is such a scheme.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says what to change.</exception>
    public async ValueTask CheckAsync()
    {
        var schemes = services.GetService<IAuthenticationSchemeProvider>();
        var found = schemes is null ? null
            : scheme is null ? await schemes.GetDefaultAuthenticateSchemeAsync()
            : await schemes.GetSchemeAsync(scheme);
        if (found is null)
        {
            throw new InvalidOperationException(scheme is null
                ? "AuthenticateWithToken needs a default authentication scheme: add one with builder.Services.AddAuthentication(), or " +
                    "name the scheme."
                : $"AuthenticateWithToken needs the authentication scheme \"{scheme}\": add it with builder.Services.AddAuthentication().");
        }
    }
}
