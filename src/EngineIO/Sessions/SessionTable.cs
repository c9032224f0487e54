using System.Collections;
using System.Collections.Concurrent;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>The sessions of a server by id, at most a given number. Thread-safe.</summary>
internal sealed class SessionTable(int capacity) : IEnumerable<Session>
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _places;
    private int _count;

    /// <summary>How many sessions there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Takes a place before the session is created, for a WebSocket handshake cannot be refused any more once it was accepted.
    /// A place is given back by <see cref="Remove"/> or by <see cref="ReleasePlace"/>.
    /// </summary>
    public bool TryReservePlace()
    {
        if (Interlocked.Increment(ref _places) <= capacity) return true;
        ReleasePlace();
        return false;
    }

    /// <summary>Gives back the place of a session that was not created after all.</summary>
    public void ReleasePlace() => Interlocked.Decrement(ref _places);

    /// <summary>Adds a session at a reserved place; <see langword="false"/> when its id is taken.</summary>
    public bool TryAdd(Session session)
    {
        if (!_sessions.TryAdd(session.Id, session)) return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    public bool TryGet(string id, out Session? session) => _sessions.TryGetValue(id, out session);

    /// <summary>Removes a session and gives its place back.</summary>
    public void Remove(Session session)
    {
        if (!_sessions.TryRemove(new KeyValuePair<string, Session>(session.Id, session))) return;
        Interlocked.Decrement(ref _count);
        ReleasePlace();
    }

    public IEnumerator<Session> GetEnumerator()
    {
        foreach (var (_, session) in _sessions) yield return session;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
