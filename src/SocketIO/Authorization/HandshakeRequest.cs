using Microsoft.AspNetCore.Http;

namespace OrleansRooms.SocketIO.Authorization;

/// <summary>
/// The HTTP request with which a connection began, made anew for authentication handlers: the original has long been recycled when a client
/// enters a namespace.
/// </summary>
internal static class HandshakeRequest
{
    public static HttpContext Create(ISocket socket, IServiceProvider services)
    {
        var handshake = socket.Handshake;
        var context = new DefaultHttpContext { RequestServices = services, User = socket.User };
        var request = context.Request;
        request.Method = HttpMethods.Get;
        request.Scheme = handshake.Secure ? "https" : "http";
        var queryAt = handshake.Url.IndexOf('?', StringComparison.Ordinal);
        request.Path = PathString.FromUriComponent(queryAt < 0 ? handshake.Url : handshake.Url[..queryAt]);
        request.QueryString = queryAt < 0 ? QueryString.Empty : new QueryString(handshake.Url[queryAt..]);

        // A copy, because one of the callers changes it.
        foreach (var (name, value) in handshake.Headers)
        {
            request.Headers[name] = value;
        }

        request.Host = HostString.FromUriComponent(request.Headers.Host.ToString());
        context.Connection.RemoteIpAddress = socket.Connection.RemoteAddress;
        return context;
    }
}
