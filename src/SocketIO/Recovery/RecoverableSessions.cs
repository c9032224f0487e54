using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Recovery;

/// <summary>
/// The sockets of a namespace whose clients may come back, by their private ids. Each can be taken once. Not thread-safe.
/// </summary>
/// <param name="maxSessions">How many are kept; past it, those that have been away longest go.</param>
/// <param name="lifetime">How long one is kept.</param>
internal sealed class RecoverableSessions(int maxSessions, TimeSpan lifetime)
{
    // All live equally long, so the order of coming is the order of going.
    private readonly LinkedList<Entry> _byAge = [];
    private readonly Dictionary<string, LinkedListNode<Entry>> _byPrivateId = new(StringComparer.Ordinal);

    /// <summary>The number of sockets kept.</summary>
    public int Count => _byAge.Count;

    /// <summary>When the oldest was added.</summary>
    public TimeSpan? OldestAt => _byAge.First?.Value.At;

    /// <summary>Keeps a socket; one that is kept under the same private id is replaced.</summary>
    /// <returns>How many others had to go although their time was not up.</returns>
    public int Add(SocketSession session, TimeSpan now)
    {
        Trim(now);
        if (_byPrivateId.Remove(session.PrivateId, out var replaced))
        {
            _byAge.Remove(replaced);
        }

        _byPrivateId.Add(session.PrivateId, _byAge.AddLast(new Entry(session, now)));
        var forgotten = 0;
        while (Count > maxSessions)
        {
            RemoveOldest();
            forgotten++;
        }

        return forgotten;
    }

    /// <summary>Takes a socket, which nobody can take again; <see langword="null"/> when there is none or its time is up.</summary>
    public SocketSession? Take(string privateId, TimeSpan now)
    {
        Trim(now);
        if (!_byPrivateId.Remove(privateId, out var node))
        {
            return null;
        }

        _byAge.Remove(node);
        return node.Value.Session;
    }

    /// <summary>Lets go of the sockets whose time is up.</summary>
    public void Trim(TimeSpan now)
    {
        while (_byAge.First is { } oldest && now - oldest.Value.At >= lifetime)
        {
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        _byPrivateId.Remove(_byAge.First!.Value.Session.PrivateId);
        _byAge.RemoveFirst();
    }

    private readonly record struct Entry(SocketSession Session, TimeSpan At);
}
