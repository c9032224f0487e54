using System.Collections.Immutable;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Which rooms came and went lately, for those who follow them. Not thread-safe.</summary>
/// <param name="capacity">How many comings and goings are kept; who is further behind is told all rooms instead.</param>
internal sealed class RoomLog(int capacity = RoomLog.DefaultCapacity)
{
    /// <summary>What followers may be behind by while an answer to them is under way, many times over.</summary>
    public const int DefaultCapacity = 1024;

    private readonly RoomExistence[] _kept = new RoomExistence[capacity];
    private readonly Guid _id = Guid.NewGuid();
    private long _first;
    private long _count;
    private long _size;
    private readonly Signal _news = new();

    /// <summary>The place behind everything so far.</summary>
    public RoomLogPosition Position => new(_id, _count);

    /// <summary>Completes when something was added.</summary>
    public Task News => _news.Next;

    public void Add(string room, bool exists)
    {
        if (_count - _first == _kept.Length)
        {
            ForgetOldest();
        }

        _kept[_count++ % _kept.Length] = new RoomExistence(room, exists);
        _size += SizeOf(room);
        // All that is kept is told in one message.
        while (_size > CallSize.Target && _count - _first > 1)
        {
            ForgetOldest();
        }

        _news.Raise();
    }

    /// <summary>What was added behind a place.</summary>
    /// <returns><see langword="false"/> when that is not kept any more, or was never seen here.</returns>
    public bool TryRead(RoomLogPosition since, out ImmutableArray<RoomExistence> added)
    {
        added = [];
        if (since.Log != _id || since.Number < _first || since.Number > _count)
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<RoomExistence>((int)(_count - since.Number));
        for (var number = since.Number; number < _count; number++)
        {
            read.Add(_kept[number % _kept.Length]);
        }

        added = read.MoveToImmutable();
        return true;
    }

    private static int SizeOf(string room) => room.Length + CallSize.PerName;

    private void ForgetOldest()
    {
        ref var oldest = ref _kept[_first++ % _kept.Length];
        _size -= SizeOf(oldest.Room);
        oldest = default;
    }
}
