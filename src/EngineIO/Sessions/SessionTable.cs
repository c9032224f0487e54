using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>The sessions of a server by id, at most a given number. Thread-safe.</summary>
internal sealed class SessionTable(int capacity) : IEnumerable<Session>
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many sessions there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether no further session can be added.</summary>
    public bool IsFull => Count >= capacity;

    /// <summary>Adds a session; <see langword="false"/> when the table is full or the id is taken.</summary>
    public bool TryAdd(Session session)
    {
        if (Interlocked.Increment(ref _count) <= capacity && _sessions.TryAdd(session.Id, session)) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public bool TryGet(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    public void Remove(Session session)
    {
        if (_sessions.TryRemove(new KeyValuePair<string, Session>(session.Id, session))) Interlocked.Decrement(ref _count);
    }

    public IEnumerator<Session> GetEnumerator()
    {
        foreach (var (_, session) in _sessions) yield return session;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
