using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Authorization;

/// <summary>
/// One demand of <c>RequireAuthorization</c> or <c>[Authorize]</c>: the policy that ASP.NET Core makes of it, and whether a socket's user
/// meets it.
/// </summary>
/// <param name="services">The services of the application.</param>
/// <param name="place">What it protects, for messages: the name of a namespace or of a method.</param>
/// <param name="data">Policies by name, roles and schemes; together with <paramref name="policies"/> at least one.</param>
/// <param name="policies">Policies as such.</param>
internal sealed class NamespaceAuthorization(
    IServiceProvider services, string place, IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> policies)
{
    private AuthorizationPolicy? _policy;

    /// <summary>Finds out whether the demand can be answered at all.</summary>
    /// <exception cref="InvalidOperationException">It cannot; the message says what to change.</exception>
    public async ValueTask CheckAsync() => await GetPolicyAsync();

    /// <summary>Whether the client of a socket meets the demand.</summary>
    /// <returns>The user that does: the socket's, or whom the schemes of the policy find; <see langword="null"/> when nobody
    /// does.</returns>
    public async ValueTask<ClaimsPrincipal?> AuthorizeAsync(ISocket socket)
    {
        var policy = await GetPolicyAsync();
        var user = socket.User;
        await using var scope = services.CreateAsyncScope();
        if (policy.AuthenticationSchemes.Count > 0)
        {
            // As the middleware of ASP.NET Core does it for endpoints: the schemes say who it is, whatever was known before.
            var context = HandshakeRequest.Create(socket, scope.ServiceProvider);
            var result = await scope.ServiceProvider.GetRequiredService<IPolicyEvaluator>().AuthenticateAsync(policy, context);
            if (!result.Succeeded)
            {
                return null;
            }

            user = result.Principal;
            (socket as Socket)?.ExpireAt(result.Properties?.ExpiresUtc);
        }

        var service = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
        return (await service.AuthorizeAsync(user, socket, policy)).Succeeded ? user : null;
    }

    private async ValueTask<AuthorizationPolicy> GetPolicyAsync()
    {
        if (_policy is not null)
        {
            return _policy;
        }

        var provider = services.GetService<IAuthorizationPolicyProvider>();
        if (provider is null || services.GetService<IPolicyEvaluator>() is null)
        {
            throw new InvalidOperationException($"{place} requires authorization: call builder.Services.AddAuthorization().");
        }

        AuthorizationPolicy policy;
        try
        {
            policy = (await AuthorizationPolicy.CombineAsync(provider, data, policies))!;
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                $"{place} requires a policy that is not there: {exception.Message} Add it with " +
                "builder.Services.AddAuthorizationBuilder().AddPolicy(...).", exception);
        }

        await CheckSchemesAsync(policy);
        if (provider.AllowsCachingPolicies)
        {
            _policy = policy;
        }

        return policy;
    }

    private async ValueTask CheckSchemesAsync(AuthorizationPolicy policy)
    {
        var schemes = services.GetService<IAuthenticationSchemeProvider>();
        foreach (var name in policy.AuthenticationSchemes)
        {
            if (schemes is null || await schemes.GetSchemeAsync(name) is null)
            {
                throw new InvalidOperationException(
                    $"{place} is for users of the authentication scheme \"{name}\", which is not there: add it with " +
                    "builder.Services.AddAuthentication().");
            }
        }
    }
}
