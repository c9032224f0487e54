using Microsoft.Extensions.Logging;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Namespaces;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>
/// A client's wish to enter a namespace, from its CONNECT packet to the answer: the namespace is looked up, the middlewares decide, the
/// cluster learns of the private room, and only then is the client told.
/// </summary>
internal sealed partial class ConnectAttempt
{
    private readonly Connection _connection;
    private readonly SocketIOServer _server;
    private readonly Packet _packet;
    private volatile Socket? _candidate;

    public ConnectAttempt(Connection connection, SocketIOServer server, Packet packet)
    {
        _connection = connection;
        _server = server;
        _packet = packet;
    }

    /// <summary>The namespace that the client named.</summary>
    public string Namespace => _packet.Namespace;

    /// <summary>Carries the attempt out. Never fails.</summary>
    public async Task RunAsync()
    {
        Namespace? ns = null;
        Socket? socket = null;
        try
        {
            if (_packet.Payload.Length > _server.Options.MaxAuthBytes)
            {
                Log.AuthTooLarge(_server.ConnectionLogger, _packet.Payload.Length, _server.Options.MaxAuthBytes);
                _connection.Refuse(this, $"auth has more than {_server.Options.MaxAuthBytes} bytes");
                return;
            }

            var handshake = new Handshake(_connection.Request, _packet.Payload, _server.Serializer);
            ns = await AcquireAsync(handshake);
            if (ns is null)
            {
                _connection.Refuse(this, "Invalid namespace");
                return;
            }

            var (gates, middlewares) = (0, 0);
            if (!ns.IsOpen)
            {
                // A namespace comes into being, here and in the cluster, for who is let in and not for who asks.
                (gates, middlewares) = (ns.Pipeline.Gates, ns.Pipeline.Middlewares);
                _candidate = socket = new Socket(RandomId.Create(), ns, _connection, handshake);
                if (!await AdmitAsync(ns, socket) || !await PassAsync(ns, socket))
                {
                    return;
                }

                ns.Open();
                _connection.OnNamespaceMade();
            }

            await ns.Ready;
            if (Restore(ns, handshake) is { } restored)
            {
                socket?.Close(DisconnectReason.ServerNamespaceDisconnect, null);
                (gates, middlewares) = (0, 0);
                _candidate = socket = restored.Socket;
                if (await ComeBackAsync(ns, restored))
                {
                    return;
                }

                socket.Close(DisconnectReason.ServerNamespaceDisconnect, null);
                socket = null;
            }

            _candidate = socket ??= new Socket(RandomId.Create(), ns, _connection, handshake);

            // Who was let in before there was the namespace passes what has been added since, by those who heard of the namespace.
            if (await AdmitAsync(ns, socket, gates) && await PassAsync(ns, socket, middlewares))
            {
                await EnterAsync(ns, socket);
            }
        }
        catch (ConnectErrorException refusal)
        {
            _connection.Refuse(this, refusal.Message);
        }
        catch (Exception exception)
        {
            if (_connection.MayLogFailure())
            {
                Log.AttemptFailed(_server.ConnectionLogger, exception, Namespace);
            }

            _connection.Refuse(this, RefusalFor(exception));
        }
        finally
        {
            if (socket is { Connected: false })
            {
                // Refused, or the client has gone: only the rooms that a middleware joined remain to be left. A client that went away again
                // while it was coming back may come back once more.
                socket.Close(_connection.IsClosing ? DisconnectReason.TransportClose : DisconnectReason.ServerNamespaceDisconnect, null);
            }

            ns?.Release();
            _connection.OnAttemptEnded();
        }
    }

    /// <summary>The client is gone: what its middlewares wait for need not be waited for any more.</summary>
    public void Abandon() => _candidate?.Close(DisconnectReason.TransportClose, null);

    /// <summary>Finds the namespace, or has it made, and keeps it from being cleaned up while the attempt lasts.</summary>
    private async ValueTask<Namespace?> AcquireAsync(Handshake handshake)
    {
        while (true)
        {
            var ns = _server.Table.Find(Namespace);
            if (ns is null)
            {
                if (!_server.Table.MayCreate(Namespace))
                {
                    return null;
                }

                // Patterns and predicates are user code: they do not run on the thread that reads the connection.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                using var limit = new CancellationTokenSource(_server.Options.ConnectTimeout, _server.TimeProvider);
                var request = new NamespaceRequest(Namespace, handshake, _connection.User);
                var parent = await _server.Table.FindParentAsync(request, _connection.MayLogFailure, limit.Token)
                    .AsTask().WaitAsync(limit.Token);
                if (parent is null)
                {
                    return null;
                }

                _connection.CheckMayMakeNamespace(Namespace);
                ns = _server.Table.GetOrAddChild(Namespace, parent);
            }

            if (ns.TryAcquire())
            {
                return ns;
            }
        }
    }

    /// <summary>Finds out who the client is and whether it may enter, unless it has passed all gates that there are.</summary>
    private ValueTask<bool> AdmitAsync(Namespace ns, Socket socket, int passed = 0) =>
        ns.Pipeline.Gates > passed ? DecideAsync(ns.Pipeline.AdmitAsync, socket) : new ValueTask<bool>(true);

    /// <summary>Takes the client through the middlewares, except for those that it has passed.</summary>
    private ValueTask<bool> PassAsync(Namespace ns, Socket socket, int passed = 0) => ns.Pipeline.Middlewares > passed
        ? DecideAsync(candidate => ns.Pipeline.RunAsync(candidate, passed), socket)
        : new ValueTask<bool>(true);

    /// <summary>Lets user code decide about the client, and refuses it if need be.</summary>
    private async ValueTask<bool> DecideAsync(Func<Socket, Task<bool>> decide, Socket socket)
    {
        // It does not run on the thread that reads the connection.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var running = decide(socket);
        try
        {
            if (await running.WaitAsync(_server.Options.ConnectTimeout, _server.TimeProvider))
            {
                return true;
            }

            Log.NotLetOn(_server.ConnectionLogger, Namespace);
            _connection.Refuse(this, "Connection refused");
        }
        catch (ConnectErrorException refusal)
        {
            _connection.Refuse(this, refusal.Message, refusal.ErrorData);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            if (_connection.MayLogFailure())
            {
                Log.MiddlewareTimeout(_server.ConnectionLogger, Namespace, _server.Options.ConnectTimeout);
            }

            _connection.Refuse(this, "Connection timed out");
            socket.Close(DisconnectReason.ServerNamespaceDisconnect, null);

            // The attempt counts against the client's limit as long as its middleware is busy.
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (socket.IsClosed)
        {
            // The client has left, and the middleware has taken notice.
        }
        catch (Exception exception)
        {
            if (_connection.MayLogFailure())
            {
                Log.MiddlewareFailed(_server.ConnectionLogger, exception, Namespace);
            }

            _connection.Refuse(this, RefusalFor(exception));
        }

        return false;
    }

    private async ValueTask EnterAsync(Namespace ns, Socket socket)
    {
        await socket.JoinAsync(socket.Id);
        if (_connection.TryEnter(this, socket))
        {
            socket.TryOpen(Reply(socket), []);
        }
    }

    private Packet Reply(Socket socket) =>
        _server.Serializer.Create(PacketType.Connect, Namespace, new ConnectReply(socket.Id, socket.PrivateId));

    private string RefusalFor(Exception exception) =>
        _server.Options.EnableDetailedErrors ? exception.Message : "Internal server error";
}
