using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;

namespace OrleansRooms.Messaging.Requests;

/// <summary>
/// Gathers the acks of other nodes' sockets. Acks are handed on under the request's lock: that is what makes them come one at a time, and
/// none after the request is closed. Where they are handed on, clients' packets and other nodes' answers come in: what is in them is not
/// read there.
/// </summary>
internal sealed class BroadcastAckRequest(Action<Packet> onAck) : PendingRequest
{
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private int _expected;
    private int _received;
    private int _gone;
    private Exception? _failure;

    /// <summary>How many sockets were asked, as far as the nodes said; without those that had not answered when their node died.</summary>
    public int Expected
    {
        get
        {
            lock (Lock)
            {
                return _expected;
            }
        }
    }

    /// <summary>How many answered.</summary>
    public int Received
    {
        get
        {
            lock (Lock)
            {
                return _received;
            }
        }
    }

    /// <summary>How many of them left before they answered.</summary>
    public int Gone
    {
        get
        {
            lock (Lock)
            {
                return _gone;
            }
        }
    }

    /// <summary>What taking an ack has thrown, which is for who asked and nobody else.</summary>
    public Exception? Failure
    {
        get
        {
            lock (Lock)
            {
                return _failure;
            }
        }
    }

    protected override bool TakeResponse_NeedsLock(string nodeId, Envelope response)
    {
        if (!_shares.TryGetValue(nodeId, out var share))
        {
            share = new Share();
            _shares.Add(nodeId, share);
        }

        switch (response.Kind)
        {
            case EnvelopeKind.BroadcastAckCount when share.Expected is null:
                share.Expected = response.Count;
                _expected += response.Count;
                break;
            case EnvelopeKind.BroadcastAck when (response.Flags & EnvelopeFlags.Failed) != 0:
                // The socket has answered, but its answer could not be carried.
                share.Settled++;
                break;
            case EnvelopeKind.BroadcastAck:
                share.Settled++;
                HandOn(response.Count > 0 ? PacketEnvelopes.ToAck(response) : null);
                break;
        }

        return share.Settled == share.Expected;
    }

    protected override bool IsOfOneSocket(Envelope response) => response.Kind == EnvelopeKind.BroadcastAck;

    protected override bool IsAnswered_NeedsLock(string nodeId) => _shares.TryGetValue(nodeId, out var share) && share.Expected is not null;

    // Its sockets went with it: nobody expects them any more, whether or not it had time to say how many it asked.
    protected override void Departed_NeedsLock(string nodeId)
    {
        if (_shares.TryGetValue(nodeId, out var share) && share.Expected is { } expected)
        {
            _expected -= expected - share.Settled;
        }
    }

    private void HandOn(Packet? ack)
    {
        if (ack is null)
        {
            _gone++;
            return;
        }

        _received++;
        try
        {
            onAck(ack);
        }
        catch (Exception exception)
        {
            _failure ??= exception;
        }
    }

    private sealed class Share
    {
        public int? Expected { get; set; }

        public int Settled { get; set; }
    }
}
