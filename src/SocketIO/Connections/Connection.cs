using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.Logging;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>
/// One client's connection: turns its messages into packets and hands each to the socket of its namespace. Whoever breaks the protocol
/// loses the connection, and nobody else notices.
/// </summary>
internal sealed partial class Connection : IEngineSessionHandler, IConnection
{
    private readonly Lock _gate = new();
    private readonly SocketIOServer _server;
    private readonly IEngineSession _session;
    private readonly IPacketDecoder _decoder;
    private readonly ILogger _logger;
    private NamespaceSockets _sockets;
    private Dictionary<string, ConnectAttempt>? _attempts;
    private HashSet<string>? _dismissed;
    private ITimer? _connectTimer;
    private AuthenticationExpiry? _expiry;
    private int _runningAttempts;
    private volatile bool _isClosing;
    private volatile Socket? _congested;
    private bool _isCongestionLogged;

    public Connection(SocketIOServer server, IEngineSession session)
    {
        _server = server;
        _session = session;
        _logger = server.ConnectionLogger;
        _decoder = server.Parser.CreateDecoder();
        _connectTimer = server.TimeProvider.CreateTimer(
            static state => ((Connection)state!).OnConnectTimeout(), this, server.Options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        ExpireAt(session.Request.AuthenticationExpiresAt);
    }

    public event Action? Upgraded
    {
        add => _session.Events.Upgraded += value;
        remove => _session.Events.Upgraded -= value;
    }

    public EngineTransport Transport => _session.Transport;

    public EngineSessionEvents Events => _session.Events;

    public IPAddress? RemoteAddress => _session.Request.RemoteAddress;

    public ClaimsPrincipal User => _session.Request.User;

    /// <summary>Whether the connection is about to end or has.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>What the client's first request said.</summary>
    public SessionRequest Request => _session.Request;

    public void OnMessage(ReadOnlyMemory<byte> data, bool isBinary)
    {
        if (_isClosing)
        {
            return;
        }

        Packet? packet;
        try
        {
            packet = _decoder.Add(data, isBinary);
        }
        catch (PacketFormatException exception)
        {
            Log.BadPacket(_logger, exception.Message);
            foreach (var socket in Sockets())
            {
                socket.PostError(exception);
            }

            Close();
            return;
        }

        if (packet is not null)
        {
            Receive(packet);
        }
    }

    public ValueTask WhenReadyAsync()
    {
        if (_congested is not { } socket)
        {
            return default;
        }

        _congested = null;
        return new ValueTask(socket.WhenRelieved());
    }

    public void OnClosed(CloseReason reason, string? description)
    {
        Socket[] sockets;
        ConnectAttempt[] attempts;
        lock (_gate)
        {
            _isClosing = true;
            sockets = _sockets.ToArray();
            attempts = _attempts is null ? [] : [.. _attempts.Values];
            _sockets.Clear();
            _attempts = null;
            _dismissed = null;
            StopConnectTimer_NeedsLock();
            _expiry?.Dispose();
        }

        foreach (var socket in sockets)
        {
            socket.Close(reason.ToDisconnectReason(), description);
        }

        foreach (var attempt in attempts)
        {
            attempt.Abandon();
        }
    }

    /// <summary>Queues a packet for the client.</summary>
    public void Send(Packet packet, SendFlags flags) => _session.Send(_server.Parser.Encode(packet), flags);

    /// <summary>Queues an encoded packet for the client.</summary>
    public void Send(EngineIOFrame[] frames, SendFlags flags) => _session.Send(frames, flags);

    /// <summary>
    /// Queues what the client has missed and the packet behind it, as one message: it may be more than may wait, and a client that was
    /// closed for it would come back for the same again.
    /// </summary>
    public void Send(IReadOnlyList<Packet> missed, Packet last)
    {
        var frames = _server.Parser.Encode(last);
        _session.Send(missed.Count == 0 ? frames : [.. missed.SelectMany(_server.Parser.Encode), .. frames]);
    }

    /// <summary>Disconnects all sockets of the client, telling it so, and closes the connection when that has been sent.</summary>
    /// <returns>Completes when the sockets have left their rooms.</returns>
    public Task DisconnectAsync()
    {
        var sockets = Sockets();
        var left = new Task[sockets.Length];
        for (var i = 0; i < sockets.Length; i++)
        {
            left[i] = sockets[i].Close(DisconnectReason.ServerNamespaceDisconnect, null, tellClient: true).Left;
        }

        Close();
        return Task.WhenAll(left);
    }

    /// <summary>An authentication that the connection rests on expires then, if ever.</summary>
    public void ExpireAt(DateTimeOffset? at)
    {
        if (at is null || !_server.Options.CloseOnAuthenticationExpiration)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isClosing)
            {
                _expiry ??= new AuthenticationExpiry(_server.TimeProvider, OnExpired);
                _expiry.Add(at.Value);
            }
        }
    }

    /// <summary>Forgets a socket that has closed.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="isServersWish">
    /// Whether the client does not know yet: what it sends for the namespace until it does is ignored rather than held against it.
    /// </param>
    public void Remove(Socket socket, bool isServersWish)
    {
        lock (_gate)
        {
            if (_sockets.Remove(socket)
                && isServersWish && (_dismissed is null || _dismissed.Count < _server.Options.MaxNamespacesPerConnection))
            {
                (_dismissed ??= new HashSet<string>(StringComparer.Ordinal)).Add(socket.Namespace.Name);
            }
        }
    }

    private void Receive(Packet packet)
    {
        if (packet.Type == PacketType.Connect)
        {
            Connect(packet);
            return;
        }

        Socket? socket;
        lock (_gate)
        {
            if (!_sockets.TryGet(packet.Namespace, out socket) && _dismissed?.Contains(packet.Namespace) == true)
            {
                return;
            }
        }

        if (_server.IsClosing)
        {
            // The sockets go before the connection does, and the client cannot know yet.
            return;
        }

        if (socket is null || packet.Type == PacketType.ConnectError || !socket.AcceptsPackets())
        {
            Log.UnexpectedPacket(_logger, packet.Type, packet.Namespace);
            Close();
        }
        else if (!socket.Receive(packet))
        {
            _congested = socket;
            if (!_isCongestionLogged)
            {
                _isCongestionLogged = true;
                Log.TooManyEvents(_logger, socket.Id, packet.Namespace, _server.Options.MaxWaitingEvents);
            }
        }
    }

    private Socket[] Sockets()
    {
        lock (_gate)
        {
            return _sockets.ToArray();
        }
    }

    private void OnConnectTimeout()
    {
        lock (_gate)
        {
            if (_connectTimer is null)
            {
                return;
            }

            if (_attempts is not null)
            {
                // Middlewares decide about the client, within a time of their own; it is to hear of that, and then has this time again.
                _connectTimer.Change(_server.Options.ConnectTimeout, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Log.ConnectTimeout(_logger, _server.Options.ConnectTimeout);
        Close();
    }

    private void OnExpired()
    {
        Log.AuthenticationExpired(_logger);
        Close();
    }

    private void StopConnectTimer_NeedsLock()
    {
        _connectTimer?.Dispose();
        _connectTimer = null;
    }

    private void Close()
    {
        _isClosing = true;
        _session.Close();
    }
}
