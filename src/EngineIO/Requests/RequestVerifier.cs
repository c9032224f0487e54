using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// Decides what a request is: for which session, or a handshake, or nothing that can be served. The order of the checks is the
/// protocol's (protocol.md 1.2), for it decides which error a client with two mistakes gets.
/// </summary>
internal sealed class RequestVerifier(EngineIOOptions options, SessionTable sessions, Leavers leavers)
{
    /// <summary>Checks 2 to 5 of the pipeline; those of a handshake that may wait come later.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isForeign">Whether it comes from a web page that may not use the server.</param>
    /// <param name="request">How to go on.</param>
    /// <returns>The refusal, or <see langword="null"/> when <paramref name="request"/> says how to go on.</returns>
    public Refusal? Verify(HttpContext context, bool isForeign, out EngineRequest request)
    {
        var query = ProtocolQuery.Read(context.Request.QueryString);
        var isWebSocket = context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true };
        request = new EngineRequest(Session: null, HasLeft: false, isWebSocket, query);

        var name = query.Transport ?? "";
        var transport = TransportNames.Parse(name);
        if ((transport & options.Transports) == 0) return Refusal.TransportUnknown(name);

        // JSONP, which served browsers that had no cross-origin requests, is a transport of its own.
        if (transport == EngineTransport.Polling && query.IsJsonp) return Refusal.TransportUnknown("jsonp");

        if (HasInvalidOrigin(context.Request)) return Refusal.InvalidOrigin();
        if (isForeign) return Refusal.ForeignOrigin();

        return query.SessionId is { } id
            ? VerifySession(context, id, name, transport, ref request)
            : VerifyHandshake(context.Request, transport, isWebSocket);
    }

    private Refusal? VerifySession(
        HttpContext context, string id, string transportName, EngineTransport transport, ref EngineRequest request)
    {
        if (!sessions.TryGet(id, out var session) || session.HasEnded)
        {
            var isPoll = transport == EngineTransport.Polling && !request.IsWebSocket && HttpMethods.IsGet(context.Request.Method);
            if (!isPoll || !leavers.TryTake(id)) return Refusal.SessionIdUnknown(id);
            request = request with { HasLeft = true };
            return null;
        }

        if (options.RequireSameUser && !session.Request.IsOfSameUser(context)) return Refusal.UserChanged();

        // A WebSocket may name a session that is on polling: that is an upgrade. Everything else has to match.
        var matches = request.IsWebSocket
            ? transport == EngineTransport.WebSocket
            : transport == EngineTransport.Polling && session.Transport == EngineTransport.Polling;
        if (!matches) return Refusal.TransportMismatch(transportName, session.Transport);

        request = request with { Session = session };
        return null;
    }

    private static Refusal? VerifyHandshake(HttpRequest request, EngineTransport transport, bool isWebSocket)
    {
        // Over HTTP/2 a WebSocket arrives as CONNECT.
        if (!HttpMethods.IsGet(request.Method) && !isWebSocket) return Refusal.BadHandshakeMethod(request.Method);
        return isWebSocket == (transport == EngineTransport.WebSocket) ? null : Refusal.TransportHandshakeError();
    }

    private static bool HasInvalidOrigin(HttpRequest request)
    {
        foreach (var character in request.Headers.Origin.ToString())
        {
            if (character is (< ' ' and not '\t') or '\x7f' or > '\xff') return true;
        }

        return false;
    }
}

/// <summary>A request that can be served.</summary>
/// <param name="Session">The session it belongs to; <see langword="null"/> for a handshake.</param>
/// <param name="HasLeft">Whether it is a GET of a session that its client has just closed.</param>
/// <param name="IsWebSocket">Whether it asks for a WebSocket.</param>
/// <param name="Query">The protocol's parameters.</param>
internal readonly record struct EngineRequest(Session? Session, bool HasLeft, bool IsWebSocket, ProtocolQuery Query);
