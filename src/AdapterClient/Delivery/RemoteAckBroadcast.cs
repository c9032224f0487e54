using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Membership;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>
/// An event of another node that asks sockets of this one for acks: says how many were asked and hands on each answer, until all are in or
/// the requester no longer waits.
/// </summary>
internal sealed class RemoteAckBroadcast(ClusterNode node, AskedSockets asked, NodeIdentity requester, Envelope request)
{
    private readonly Lock _lock = new();
    private LocalAckBroadcast? _broadcast;
    private ITimer? _deadline;
    private int _settled;

    public void Start(LocalRooms rooms, Packet packet, BroadcastOptions options)
    {
        var broadcast = rooms.BroadcastWithAck(packet, options, OnAck);
        node.Links.Send(requester, Response(EnvelopeKind.BroadcastAckCount) with { Count = broadcast.Expected });
        lock (_lock)
        {
            _broadcast = broadcast;
            if (_settled >= broadcast.Expected)
            {
                return;
            }

            if (request.TimeoutMilliseconds <= 0)
            {
                asked.Add(requester, request.RequestId, this);
            }
            else
            {
                _deadline = node.Time.CreateTimer(
                    static self => ((RemoteAckBroadcast)self!).GiveUp(),
                    this,
                    TimeSpan.FromMilliseconds(Math.Min(request.TimeoutMilliseconds, int.MaxValue)),
                    Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void OnAck(Packet? ack)
    {
        node.Links.Send(requester, ack is null
            ? Response(EnvelopeKind.BroadcastAck)
            : PacketEnvelopes.Carry(EnvelopeKind.BroadcastAck, request.Namespace, ack) with { RequestId = request.RequestId, Count = 1 });
        lock (_lock)
        {
            if (++_settled == _broadcast?.Expected)
            {
                _deadline?.Dispose();
                asked.Remove(requester, request.RequestId);
            }
        }
    }

    /// <summary>Nobody waits for what has not come yet.</summary>
    public void GiveUp()
    {
        _deadline?.Dispose();
        _broadcast?.Forget();
    }

    private Envelope Response(EnvelopeKind kind) => new() { Kind = kind, Namespace = request.Namespace, RequestId = request.RequestId };
}
