using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO;

/// <summary>A response of a session is about to start (<c>headers</c> and <c>initial_headers</c> in Socket.IO's documentation).</summary>
public sealed class ResponseHeadersEventArgs : EventArgs
{
    internal ResponseHeadersEventArgs(HttpContext httpContext) => HttpContext = httpContext;

    /// <summary>The request that is being answered. It must not be used after the event handler has returned.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The headers of the response, to be added to or changed.</summary>
    public IHeaderDictionary Headers => HttpContext.Response.Headers;
}
