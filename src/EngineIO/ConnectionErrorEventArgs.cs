using Microsoft.AspNetCore.Http;

namespace OrleansRooms.EngineIO;

/// <summary>A request that was refused with a code of the protocol (<c>connection_error</c> in Socket.IO's documentation).</summary>
public sealed class ConnectionErrorEventArgs : EventArgs
{
    internal ConnectionErrorEventArgs(
        HttpContext httpContext, EngineIOError code, string message, IReadOnlyDictionary<string, string> context)
    {
        HttpContext = httpContext;
        Code = code;
        Message = message;
        Context = context;
    }

    /// <summary>The refused request. It must not be used after the event handler has returned.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>Why it was refused.</summary>
    public EngineIOError Code { get; }

    /// <summary>The protocol's sentence for <see cref="Code"/>, for example <c>Session ID unknown</c>.</summary>
    public string Message { get; }

    /// <summary>
    /// Particulars under Socket.IO's names, for example <c>name</c> = <c>TRANSPORT_MISMATCH</c>, <c>transport</c>,
    /// <c>previousTransport</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Context { get; }
}
