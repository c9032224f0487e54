using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

internal sealed partial class Connection
{
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
            return true;
        }
    }

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
            Log.TooManyNamespaces(_logger, packet.Namespace, _server.Options.MaxNamespacesPerConnection);
            SendRefusal(packet.Namespace, "Too many namespaces");
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
