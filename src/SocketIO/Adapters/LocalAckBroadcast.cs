namespace OrleansRooms.SocketIO.Adapters;

/// <summary>An event that was sent to sockets of this node, each of which was asked for an ack.</summary>
public sealed class LocalAckBroadcast
{
    private readonly IAdapterSocket[] _sockets;
    private readonly long _ackId;

    internal LocalAckBroadcast(IAdapterSocket[] sockets, long ackId)
    {
        _sockets = sockets;
        _ackId = ackId;
    }

    /// <summary>How many sockets were asked.</summary>
    public int Expected => _sockets.Length;

    /// <summary>Stops expecting the acks that are still out; late answers are ignored.</summary>
    public void Forget()
    {
        foreach (var socket in _sockets)
        {
            socket.ForgetAck(_ackId);
        }
    }
}
