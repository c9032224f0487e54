using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

internal sealed partial class Connection
{
    private const int MaxLoggedFailures = 10;
    private const string TooManyNamespaces = "Too many namespaces";

    private int _failures;
    private int _namespacesMade;
    private bool _isRefusalLogged;

    /// <summary>
    /// Makes the socket of an attempt that succeeded the one that receives the namespace's packets.
    /// </summary>
    /// <returns><see langword="false"/> when the attempt has lost its point: the client is gone, or has asked anew.</returns>
    public bool TryEnter(ConnectAttempt attempt, Socket socket)
    {
        lock (_gate)
        {
            if (_isClosing || !TryRemove_NeedsLock(attempt))
            {
                return false;
            }

            _sockets.Add(socket);
            _dismissed?.Remove(attempt.Namespace);
            StopConnectTimer_NeedsLock();
        }

        _session.Admit();
        return true;
    }

    /// <summary>
    /// Whether one more failure that the client has caused may be logged: the first few say what there is to say, and a client that
    /// repeats them fills no logs.
    /// </summary>
    public bool MayLogFailure() => Interlocked.Increment(ref _failures) is > 0 and <= MaxLoggedFailures;

    /// <summary>The client wants a namespace that is not there.</summary>
    /// <exception cref="ConnectErrorException">It has made as many as it may, of those that stay.</exception>
    public void CheckMayMakeNamespace(string ns)
    {
        if (!_server.Options.CleanupEmptyChildNamespaces
            && Volatile.Read(ref _namespacesMade) >= _server.Options.MaxNamespacesPerConnection)
        {
            RefuseMoreNamespaces(ns);
            throw new ConnectErrorException(TooManyNamespaces);
        }
    }

    /// <summary>A namespace has opened for the client.</summary>
    public void OnNamespaceMade() => Interlocked.Increment(ref _namespacesMade);

    /// <summary>Answers an attempt with a refusal, unless it has lost its point.</summary>
    public void Refuse(ConnectAttempt attempt, string message, object? data = null)
    {
        bool isWaiting;
        lock (_gate)
        {
            isWaiting = !_isClosing && TryRemove_NeedsLock(attempt);
        }

        if (isWaiting)
        {
            SendRefusal(attempt.Namespace, message, data);
        }
    }

    /// <summary>An attempt has ended, one way or the other.</summary>
    public void OnAttemptEnded()
    {
        lock (_gate)
        {
            _runningAttempts--;
        }
    }

    private void Connect(Packet packet)
    {
        var attempt = new ConnectAttempt(this, _server, packet);
        bool isDuplicate, isStarting = false;
        lock (_gate)
        {
            if (_isClosing || _server.IsClosing)
            {
                return;
            }

            isDuplicate = _sockets.TryGet(packet.Namespace, out _);
            if (!isDuplicate && _sockets.Count + _runningAttempts < _server.Options.MaxNamespacesPerConnection)
            {
                // A client that asks again while it waits has given up on what it asked before.
                _attempts ??= new Dictionary<string, ConnectAttempt>(StringComparer.Ordinal);
                _attempts[packet.Namespace] = attempt;
                _runningAttempts++;
                isStarting = true;
            }
        }

        if (isStarting)
        {
            _ = attempt.RunAsync();
        }
        else if (isDuplicate)
        {
            Log.UnexpectedPacket(_logger, packet.Type, packet.Namespace);
            Close();
        }
        else
        {
            RefuseMoreNamespaces(packet.Namespace);
            SendRefusal(packet.Namespace, TooManyNamespaces);
        }
    }

    private void RefuseMoreNamespaces(string ns)
    {
        _server.Metrics.ConnectRefused(nameof(SocketIOOptions.MaxNamespacesPerConnection));
        if (!Interlocked.Exchange(ref _isRefusalLogged, true))
        {
            Log.TooManyNamespaces(_logger, ns, _server.Options.MaxNamespacesPerConnection);
        }
    }

    private void SendRefusal(string ns, string message, object? data = null) =>
        Send(_server.Serializer.Create(PacketType.ConnectError, ns, new ConnectError(message, data)), SendFlags.None);

    private bool TryRemove_NeedsLock(ConnectAttempt attempt)
    {
        if (_attempts is null || !_attempts.TryGetValue(attempt.Namespace, out var current) || !ReferenceEquals(current, attempt))
        {
            return false;
        }

        _attempts.Remove(attempt.Namespace);
        if (_attempts.Count == 0)
        {
            _attempts = null;
        }

        return true;
    }
}
