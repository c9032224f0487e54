using System.Collections.Concurrent;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// Clients on long-polling that were between two requests when the server closed: each is told when it asks next. Without that it would
/// be refused and take the end for a failure. Thread-safe.
/// </summary>
internal sealed class Farewells
{
    /// <summary>
    /// How long the next request of a client may take. A client that is there polls again at once; one that is not would never.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Farewell> _farewells = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the server itself, which adds clients until it begins to wait.
    private int _untold = 1;
    private bool _areAllAdded;

    /// <summary>A session is about to be ended by the server's shutdown.</summary>
    public void Add(Session session)
    {
        if (_farewells.TryAdd(session.Id, new Farewell(session))) Interlocked.Increment(ref _untold);
    }

    /// <summary>Whether a session has been ended by the shutdown.</summary>
    public bool Knows(string id) => _farewells.ContainsKey(id);

    /// <summary>A client has been told that its session is over, or has another way to learn it.</summary>
    public void Told(string id)
    {
        if (_farewells.TryGetValue(id, out var farewell) && farewell.TryTell()) CountDown();
    }

    /// <summary>
    /// Completes when every client has been told, or is not waited for any more. Called when all have been added, however often.
    /// </summary>
    public Task WhenToldAsync()
    {
        if (!Interlocked.Exchange(ref _areAllAdded, true)) CountDown();
        return _done.Task;
    }

    /// <summary>Those who have not asked by now are not there; nobody waits for them again.</summary>
    public void StopWaiting() => _done.TrySetResult();

    /// <summary>Stops what clients are still sending.</summary>
    public void GiveUp()
    {
        foreach (var (_, farewell) in _farewells) farewell.Session.AbortPost();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _untold) == 0) _done.TrySetResult();
    }

    private sealed class Farewell(Session session)
    {
        private int _isTold;

        public Session Session => session;

        public bool TryTell() => Interlocked.Exchange(ref _isTold, 1) == 0;
    }
}
