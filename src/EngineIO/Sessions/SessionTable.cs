using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// The sessions of a server by id, at most a given number, and of each address at most a given number that nobody has let in. Thread-safe.
/// </summary>
internal sealed class SessionTable(int capacity, int maxPendingPerAddress) : IEnumerable<Session>
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly PendingSessions _pending = new(maxPendingPerAddress);
    private int _count;
    private bool _isRefusing;

    /// <summary>How many sessions there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What keeps another session of an address out, if anything does.</summary>
    public SessionLimit LimitFor(IPAddress? address) =>
        Count >= capacity ? SessionLimit.Sessions : _pending.IsFull(address) ? SessionLimit.PendingOfAddress : SessionLimit.None;

    /// <summary>Adds a session that is not admitted yet.</summary>
    /// <returns>What keeps it out, if anything does.</returns>
    public SessionLimit TryAdd(Session session)
    {
        if (!_pending.TryAdd(session.Request.RemoteAddress)) return SessionLimit.PendingOfAddress;

        var isFull = Interlocked.Increment(ref _count) > capacity;
        if (!isFull && _sessions.TryAdd(session.Id, session)) return SessionLimit.None;

        Interlocked.Decrement(ref _count);
        _pending.Remove(session.Request.RemoteAddress);
        return isFull ? SessionLimit.Sessions : SessionLimit.IdTaken;
    }

    /// <summary>A session is pending no more.</summary>
    public void Admit(Session session) => _pending.Remove(session.Request.RemoteAddress);

    /// <summary>A client was refused because of a limit.</summary>
    /// <returns>Whether it is the first since there was more room.</returns>
    public bool NoteRefusal(SessionLimit limit, IPAddress? address) =>
        limit == SessionLimit.Sessions ? !Interlocked.Exchange(ref _isRefusing, true) : _pending.NoteRefusal(address);

    public bool TryGet(string id, [NotNullWhen(true)] out Session? session) => _sessions.TryGetValue(id, out session);

    public void Remove(Session session)
    {
        if (!_sessions.TryRemove(new KeyValuePair<string, Session>(session.Id, session))) return;

        // A tenth is free again.
        if (Interlocked.Decrement(ref _count) <= capacity - capacity / 10) Volatile.Write(ref _isRefusing, false);
    }

    public IEnumerator<Session> GetEnumerator()
    {
        foreach (var (_, session) in _sessions) yield return session;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What may keep a session out.</summary>
internal enum SessionLimit
{
    None,

    /// <summary><see cref="EngineIOOptions.MaxSessions"/>.</summary>
    Sessions,

    /// <summary><see cref="EngineIOOptions.MaxPendingSessionsPerAddress"/>.</summary>
    PendingOfAddress,

    /// <summary>Another session took the id.</summary>
    IdTaken,
}
