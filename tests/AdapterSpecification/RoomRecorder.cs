using System.Collections.Concurrent;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>Writes down which rooms come and go.</summary>
public sealed class RoomRecorder : IDisposable
{
    private readonly ConcurrentQueue<RoomChange> _changes = new();
    private readonly RoomWatch _watch;

    internal RoomRecorder(NamespaceRooms adapter)
    {
        _watch = adapter.WatchRooms(_changes.Enqueue);
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyCollection<RoomChange> Changes => _changes;

    /// <summary>The rooms that anything was told of, in ordinal order.</summary>
    public string[] Rooms => [.. _changes.Select(change => change.Room).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Waits until everything will be told that happens.</summary>
    public Task StartedAsync() => _watch.Started.WaitAsync(AdapterScene.Patience);

    /// <summary>Waits until exactly this was told of a room.</summary>
    public Task SaysAsync(string room, string expected) => AdapterScene.EventuallyAsync(expected, () => new(Told(room)));

    public void Dispose() => _watch.Dispose();

    private string Told(string room) =>
        string.Join(
            ',',
            _changes.Where(change => change.Room == room).Select(change => change.Kind == RoomChangeKind.Created ? "created" : "deleted"));
}
