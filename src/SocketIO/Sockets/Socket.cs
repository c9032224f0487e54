using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.Extensions.Logging;
using OrleansRooms.EngineIO;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Connections;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Namespaces;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>One client in one namespace of this server: its state, its rooms and its end.</summary>
/// <remarks>
/// A socket is made when the client asks for the namespace, opens when the middlewares let it, and closes once. What changes at once when
/// it closes (no more packets in either direction, answers given up, the token cancelled) happens in <see cref="Close"/>; what runs user
/// code or leaves rooms has its turn in the handler queue.
/// </remarks>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A source without timer holds nothing to dispose of.")]
internal sealed partial class Socket : ISocket, IAdapterSocket
{
    private readonly Connection _connection;
    private readonly Namespace _namespace;
    private readonly ILogger _logger;
    // The lock of the socket's state, too: both are held for a few instructions, and a lock of its own would cost every socket 40 bytes.
    private readonly HandlerQueue _queue;
    private volatile SocketState _state;
    private volatile bool _hasLeft;
    private CancellationTokenSource? _disconnected;
    private ClaimsPrincipal? _user;
    private readonly string? _sessionUserId;
    private SocketData? _data;
    private volatile SocketClosing? _closing;

    /// <summary>Creates the socket of a client that wants to enter a namespace which the caller has acquired.</summary>
    public Socket(string id, Namespace ns, Connection connection, Handshake handshake)
    {
        Id = id;
        Handshake = handshake;
        _namespace = ns;
        _connection = connection;
        _logger = ns.Server.SocketLogger;
        var options = ns.Server.Options;
        if (options.ConnectionStateRecovery is not null)
        {
            PrivateId = RandomId.Create();
        }

        _queue = new HandlerQueue(
            options.HandlerDispatch == HandlerDispatch.Sequential, options.MaxWaitingEvents, options.MaxWaitingBytes);

        // Until its last turn the socket holds the namespace itself.
        ns.TryAcquire();
    }

    /// <summary>Creates the socket of a client that has come back to it.</summary>
    public Socket(SocketSession session, Namespace ns, Connection connection, Handshake handshake)
        : this(session.SocketId, ns, connection, handshake)
    {
        PrivateId = session.PrivateId;
        _data = session.Data;
        _sessionUserId = session.UserId;
        Recovered = true;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>The secret by which the client gets the socket back; <see langword="null"/> when it cannot.</summary>
    public string? PrivateId { get; }

    public bool Recovered { get; }

    public Handshake Handshake { get; }

    public INamespace Namespace => _namespace;

    public IConnection Connection => _connection;

    public ClaimsPrincipal User
    {
        get => _user ?? _connection.User;
        set => _user = value;
    }

    /// <summary>An authentication that the socket rests on expires then, if ever.</summary>
    public void ExpireAt(DateTimeOffset? at) => _connection.ExpireAt(at);

    /// <summary>What tells the user from others; <see langword="null"/> for an anonymous one.</summary>
    public string? UserId => User.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? User.Identity?.Name;

    public bool Connected => _state == SocketState.Open;

    /// <summary>Whether the socket has disconnected, though it may not have left its rooms yet.</summary>
    public bool IsClosed => _state == SocketState.Closed;

    public SocketData Data
    {
        get
        {
            if (_data is null)
            {
                Interlocked.CompareExchange(ref _data, new SocketData(_namespace.Server.Serializer), null);
            }

            return _data;
        }
    }

    public IReadOnlyCollection<string> Rooms =>
        new LiveView<string>(() => (_namespace.IsOpen ? _namespace.Adapter.SocketRooms(Id) : null) ?? []);

    public IBroadcastOperator Broadcast => new BroadcastOperator(_namespace, EverybodyElse);

    public IBroadcastOperator Local => Broadcast.Local;

    // Most sockets never hand the token out, so it costs nothing until then.
    public CancellationToken Disconnected
    {
        get
        {
            lock (_queue)
            {
                if (_disconnected is null)
                {
                    if (_state == SocketState.Closed)
                    {
                        return new CancellationToken(canceled: true);
                    }

                    _disconnected = new CancellationTokenSource();
                }

                return _disconnected.Token;
            }
        }
    }

    private BroadcastOptions EverybodyElse => BroadcastOptions.All.ButNot(Id);

    public IBroadcastOperator To(params ReadOnlySpan<string> rooms) => new BroadcastOperator(_namespace, EverybodyElse.To(rooms));

    public IBroadcastOperator In(params ReadOnlySpan<string> rooms) => To(rooms);

    public IBroadcastOperator Except(params ReadOnlySpan<string> rooms) => new BroadcastOperator(_namespace, EverybodyElse.ButNot(rooms));

    public ValueTask JoinAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return JoinAsync([room], cancellationToken);
    }

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => JoinAsync(rooms.ToArray(), CancellationToken.None);

    public ValueTask JoinAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        if (_hasLeft)
        {
            return default;
        }

        _namespace.Server.RoomLimits.Check(rooms);
        if (!_namespace.Ready.IsCompleted)
        {
            return JoinWhenReadyAsync(rooms, cancellationToken);
        }

        var joined = _namespace.Rooms.AddAllAsync(Id, rooms, cancellationToken);
        if (_hasLeft)
        {
            // The disconnect overtook the join and left all rooms before this one was joined: nobody would leave it any more.
            return _namespace.Rooms.RemoveAllAsync(Id, CancellationToken.None);
        }

        return joined;
    }

    // A middleware of a namespace that nobody was let into so far.
    private async ValueTask JoinWhenReadyAsync(IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        _namespace.Open();
        await _namespace.Ready.WaitAsync(cancellationToken);
        await JoinAsync(rooms, cancellationToken);
    }

    // Whoever makes sockets join is not told by each of them, and those behind this one join all the same.
    ValueTask IAdapterSocket.JoinAsync(IReadOnlyCollection<string> rooms)
    {
        try
        {
            return JoinAsync(rooms);
        }
        catch (RoomLimitException refusal)
        {
            _namespace.Server.RoomLimits.Refused(refusal, _namespace.Name);
            return default;
        }
    }

    public ValueTask LeaveAsync(string room, CancellationToken cancellationToken = default) =>
        _namespace.IsOpen ? _namespace.Rooms.RemoveAsync(Id, room, cancellationToken) : default;

    ValueTask IAdapterSocket.LeaveAsync(string room) => LeaveAsync(room);

    public SocketDescription Describe()
    {
        var data = SocketDataJson.Empty;
        IReadOnlyList<ReadOnlyMemory<byte>> attachments = [];
        if (_data is not null)
        {
            data = SocketDataJson.Write(_data, _namespace.Server.Serializer, this, out attachments);
        }

        return new SocketDescription
        {
            Id = Id, Handshake = HandshakeJson.Write(Handshake), Rooms = [.. Rooms], Data = data, Attachments = attachments,
        };
    }

    /// <summary>
    /// Makes the socket known to its namespace, tells the client and lets the connection listeners run, in such a way that the client
    /// hears of nothing before it hears of the connection.
    /// </summary>
    /// <param name="connect">The answer to the client.</param>
    /// <param name="missed">The events that go before it, because the client missed them.</param>
    /// <returns><see langword="false"/> when the socket was closed meanwhile.</returns>
    public bool TryOpen(Packet connect, IReadOnlyList<Packet> missed)
    {
        lock (_queue)
        {
            if (_state != SocketState.Opening)
            {
                return false;
            }

            // In this order under the lock: whoever finds the socket in the namespace waits here until CONNECT is queued, and the client's
            // first event, which may come before the next line runs, waits in AcceptsPackets.
            _namespace.Add(this);
            _connection.Send(missed, connect);
            _queue.Post(new SocketOpening(this));
            _state = SocketState.Open;
            return true;
        }
    }

    /// <summary>Whether the client may send packets for this socket now.</summary>
    public bool AcceptsPackets()
    {
        if (_state == SocketState.Open)
        {
            return true;
        }

        lock (_queue)
        {
            return _state == SocketState.Open;
        }
    }

    /// <summary>Ends the socket's life, whatever its state; only the first call counts.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="description">A sentence that says more, if there is one.</param>
    /// <param name="tellClient">Whether the client has to be told that the namespace is gone.</param>
    /// <returns>The last turn of the socket, which may still be to come.</returns>
    public SocketClosing Close(DisconnectReason reason, string? description, bool tellClient = false)
    {
        SocketClosing closing;
        lock (_queue)
        {
            if (_closing is not null)
            {
                return _closing;
            }

            var wasOpen = _state == SocketState.Open;
            _closing = closing = new SocketClosing(this, reason, description, wasOpen);
            _state = SocketState.Closed;
            if (tellClient && wasOpen)
            {
                _connection.Send(new Packet { Type = PacketType.Disconnect, Namespace = _namespace.Name }, SendFlags.None);
            }
        }

        _connection.Remove(this, isServersWish: tellClient);
        Interlocked.CompareExchange(ref _acks, PendingAcks.Closed, null)?.Close();
        CancelDisconnected();
        var dropped = _queue.PostLast(closing);
        if (dropped > 0)
        {
            Log.EventsDropped(_logger, dropped, Id, _namespace.Name);
        }

        return closing;
    }

    public ValueTask DisconnectAsync(bool close = false) => new(Disconnect(close));

    void IAdapterSocket.Disconnect(bool close) => Disconnect(close);

    private Task Disconnect(bool close)
    {
        if (_closing is { } closing)
        {
            return closing.Left;
        }

        if (close)
        {
            return _connection.DisconnectAsync();
        }

        return _state == SocketState.Opening
            ? Task.CompletedTask
            : Close(DisconnectReason.ServerNamespaceDisconnect, null, tellClient: true).Left;
    }

    private void CancelDisconnected()
    {
        CancellationTokenSource? source;
        lock (_queue)
        {
            source = _disconnected;
        }

        // Callbacks are user code: they run on the thread pool, neither under a lock nor on the thread that reads the connection.
        if (source is not null)
        {
            _ = ObserveAsync(source.CancelAsync());
        }
    }

    private async Task ObserveAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            Report(exception);
        }
    }
}
