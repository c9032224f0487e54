using System.Runtime.ExceptionServices;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// Gathers the acks of one broadcast: waits for those of this server's own sockets, and hands on those of others with them.
/// </summary>
/// <remarks>
/// Acks are handed on under the collector's own lock: that is what makes them come one at a time, and none after <see cref="Close"/>.
/// </remarks>
internal sealed class AckCollector(Action<Packet> onAck)
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _expected = -1;
    private int _settled;
    private int _received;
    private int _gone;
    private Exception? _failure;
    private bool _isClosed;

    /// <summary>Completes when every socket of this server that was asked has answered or gone.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Takes the ack of a socket of this server, or <see langword="null"/> when it is gone.</summary>
    public void Add(Packet? ack)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _settled++;
            if (ack is null)
            {
                _gone++;
            }
            else
            {
                _received++;
                HandOn(ack);
            }

            CompleteIfSettled();
        }
    }

    /// <summary>Takes the ack of another server's socket; nobody waits for it here.</summary>
    public void AddOthers(Packet ack)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                HandOn(ack);
            }
        }
    }

    /// <summary>Says how many sockets of this server were asked; answers may have come before.</summary>
    public void Expect(int sockets)
    {
        lock (_lock)
        {
            _expected = sockets;
            CompleteIfSettled();
        }
    }

    /// <summary>Ignores what comes from now on and says what has come of this server's own sockets.</summary>
    public BroadcastAckResult Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return new BroadcastAckResult(_expected, _received, []) { Gone = _gone };
        }
    }

    /// <summary>Ignores what comes from now on.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    // What it throws is for who asked, not for the client that answers.
    private void HandOn(Packet ack)
    {
        try
        {
            onAck(ack);
        }
        catch (Exception exception)
        {
            _failure ??= exception;
        }
    }

    private void CompleteIfSettled()
    {
        if (_settled == _expected)
        {
            _completed.TrySetResult();
        }
    }
}
