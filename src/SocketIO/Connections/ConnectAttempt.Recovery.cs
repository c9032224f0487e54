using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Namespaces;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

/// <content>Clients that had a socket before their connection broke (Socket.IO documentation, "Connection state recovery").</content>
internal sealed partial class ConnectAttempt
{
    /// <summary>Finds the socket that the client asks for, if it does and there is one.</summary>
    private RestoredSocket? Restore(Namespace ns, Handshake handshake)
    {
        if (ns.ConnectionStateRecovery is null
            || handshake.Auth.GetString("pid") is not { } privateId
            || handshake.Auth.GetString("offset") is not { } offset)
        {
            return null;
        }

        if (ns.Adapter.Restore(privateId, offset) is { } session)
        {
            return new RestoredSocket(new Socket(session, ns, _connection, handshake), session, offset);
        }

        _server.Metrics.RecoveryEnded(RecoveryOutcome.Unknown);
        return null;
    }

    /// <summary>Takes the client back into its socket, unless a middleware refuses it.</summary>
    /// <returns>
    /// <see langword="false"/> when something that the client missed went while the middlewares ran, so that it has to begin anew.
    /// </returns>
    private async ValueTask<bool> ComeBackAsync(Namespace ns, RestoredSocket restored)
    {
        var (socket, session, offset) = restored;

        // Before the middlewares, which see the rooms and may change them.
        await ns.Rooms.AddAllAsync(session.SocketId, session.Rooms);

        // Who somebody is and may do is asked again, whatever middlewares are skipped: it may have changed.
        if (!await AdmitAsync(ns, socket))
        {
            _server.Metrics.RecoveryEnded(RecoveryOutcome.Abandoned);
            return true;
        }

        if (socket.UserId != session.UserId)
        {
            Log.RestoredForAnother(_server.ConnectionLogger, Namespace);
            _server.Metrics.RecoveryEnded(RecoveryOutcome.Unknown);
            return false;
        }

        if (!ns.ConnectionStateRecovery!.SkipMiddlewares && !await PassAsync(ns, socket))
        {
            _server.Metrics.RecoveryEnded(RecoveryOutcome.Abandoned);
            return true;
        }

        var isOpen = false;
        var isComplete = ns.Adapter.Replay(
            session, offset, missed => isOpen = _connection.TryEnter(this, socket) && socket.TryOpen(Reply(socket), missed));
        _server.Metrics.RecoveryEnded(
            isOpen ? RecoveryOutcome.Recovered : isComplete ? RecoveryOutcome.Abandoned : RecoveryOutcome.Unknown);
        return isComplete;
    }

    private sealed record RestoredSocket(Socket Socket, SocketSession Session, string Offset);
}
