using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansRooms.EngineIO.Requests;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO;

/// <content>What clients are told when there are too many sessions.</content>
public sealed partial class EngineIOServer
{
    private Refusal RefusalFor(SessionLimit limit, HttpContext context)
    {
        if (limit == SessionLimit.IdTaken) return Refusal.IdGenerationError();

        var address = RemoteAddressOf(context);
        var isFirst = _services.Sessions.NoteRefusal(limit, address);
        if (limit == SessionLimit.Sessions)
        {
            _services.Metrics.SessionRefused(nameof(_options.MaxSessions));
            if (isFirst) Log.TooManySessions(_services.Logger, _options.MaxSessions);
            return Refusal.TooManySessions();
        }

        _services.Metrics.SessionRefused(nameof(_options.MaxPendingSessionsPerAddress));
        if (isFirst) Log.TooManyPendingSessions(_services.Logger, address, _options.MaxPendingSessionsPerAddress);
        return Refusal.TooManyPendingSessions();
    }

    private static IPAddress? RemoteAddressOf(HttpContext context) => context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
}
