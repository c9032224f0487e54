using System.Collections.Concurrent;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>
/// The questions of other nodes to sockets of this one that have no limit of their own: they end with the sockets, with the requester's
/// word, or with the requester. Thread-safe.
/// </summary>
internal sealed class AskedSockets
{
    private readonly ConcurrentDictionary<(NodeIdentity Requester, long RequestId), RemoteAckBroadcast> _open = new();

    /// <summary>How many there are.</summary>
    public int Count => _open.Count;

    public void Add(NodeIdentity requester, long requestId, RemoteAckBroadcast broadcast) => _open[(requester, requestId)] = broadcast;

    /// <summary>All have answered or are gone.</summary>
    public void Remove(NodeIdentity requester, long requestId) => _open.TryRemove((requester, requestId), out _);

    /// <summary>The requester waits no longer.</summary>
    public void Forget(NodeIdentity requester, long requestId)
    {
        if (_open.TryRemove((requester, requestId), out var broadcast))
        {
            broadcast.GiveUp();
        }
    }

    /// <summary>A node departed, and with it whoever waited there.</summary>
    public void OnDeparted(NodeIdentity requester)
    {
        foreach (var ((asker, requestId), _) in _open)
        {
            if (asker == requester)
            {
                Forget(asker, requestId);
            }
        }
    }
}
