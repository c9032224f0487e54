using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Authorization;
using OrleansRooms.SocketIO.Namespaces;

namespace OrleansRooms.SocketIO;

/// <summary>Shorter ways to say who may enter a namespace.</summary>
public static class NamespaceAuthorizationExtensions
{
    /// <inheritdoc cref="IConnectionPipeline.RequireAuthorization(IAuthorizeData[])"/>
    /// <param name="pipeline">The namespace, or the parent of namespaces.</param>
    /// <param name="policyNames">Policies of the application, all of which have to be met; none for the default policy.</param>
    /// <example><code>io.Of("/admin").RequireAuthorization("admins");</code></example>
    public static IConnectionPipeline RequireAuthorization(this IConnectionPipeline pipeline, params string[] policyNames)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(policyNames);
        return pipeline.RequireAuthorization(policyNames.Select(IAuthorizeData (name) => new AuthorizeAttribute(name)).ToArray());
    }

    /// <summary>
    /// Has an authentication scheme of the application look at the token that a client gives as <c>auth</c>, as if it had come in the
    /// header <c>Authorization: Bearer</c>. Browsers cannot set that header for WebSockets.
    /// </summary>
    /// <param name="pipeline">The namespace, or the parent of namespaces.</param>
    /// <param name="readToken">
    /// Finds the token; <see langword="null"/> for the field <c>token</c>. A client without a token stays who it was for the HTTP request;
    /// one with a bad token is refused with <c>Unauthorized</c>.
    /// </param>
    /// <param name="scheme">The scheme, for example <c>Bearer</c>; <see langword="null"/> for the default one.</param>
    /// <example>
    /// <code>
    /// io.AuthenticateWithToken();                 // io(url, { auth: { token } })
    /// io.RequireAuthorization();
    /// </code>
    /// </example>
    public static IConnectionPipeline AuthenticateWithToken(
        this IConnectionPipeline pipeline, Func<Handshake, string?>? readToken = null, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var authentication = new TokenAuthentication(
            pipeline.ApplicationServices, readToken ?? (handshake => handshake.Auth.GetString("token")), scheme);
        (pipeline as PipelineOwner)?.Pipeline.AddStartCheck(authentication.CheckAsync);
        return pipeline.Authenticate((socket, _) => authentication.AuthenticateAsync(socket));
    }
}
