using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    private const string Marker = "marker-";

    [Fact]
    public async Task WatchRooms_MembersOnEveryNode_RoomIsCreatedAndDeletedOnceInTheCluster()
    {
        var watches = await WatchAsync();
        var sockets = await ConnectOneEachAsync("r");
        foreach (var watch in watches) await watch.SaysAsync("r", "created");
        await WhenAllJoinsAreSeenAsync(watches[0]);
        await sockets[0].LeaveAsync("r");
        await sockets[1].LeaveAsync("r");
        Assert.Equal(1, await Scene[0].Adapter.RoomSizeAsync("r"));
        sockets[2].Disconnect(close: false);
        foreach (var watch in watches) await watch.SaysAsync("r", "created,deleted");
        await Scene[1].ConnectAsync("r");
        foreach (var watch in watches)
        {
            await watch.SaysAsync("r", "created,deleted,created");
            Assert.Equal(["r"], watch.Rooms.Where(room => !room.StartsWith(Marker, StringComparison.Ordinal)));
            watch.Dispose();
        }
    }

    [Fact]
    public async Task WatchRooms_RoomsThatWereThereBefore_AreToldOnlyWhenTheyEnd()
    {
        var before = await Scene[1].ConnectAsync("old");
        await EventuallyAsync(1, async () => (await Scene[0].Adapter.RoomsAsync("old", null, 10)).Length);
        var watches = await WatchAsync();
        var socket = await Scene[2].ConnectAsync("old", "new");
        foreach (var watch in watches)
        {
            await watch.SaysAsync("new", "created");
            await watch.SaysAsync("old", "");
        }

        await WhenAllJoinsAreSeenAsync(watches[0]);
        before.Disconnect(close: false);
        await socket.LeaveAsync("old");
        foreach (var watch in watches)
        {
            await watch.SaysAsync("old", "deleted");
            watch.Dispose();
        }
    }

    [Fact]
    public async Task WatchRooms_Disposed_HearsNothingMoreWhileOthersDo()
    {
        var watches = await WatchAsync();
        using var other = new RoomRecorder(Scene[0].Adapter);
        using var failing = Scene[0].Adapter.WatchRooms(static _ => throw new InvalidOperationException("A listener fails."));
        await other.StartedAsync();
        foreach (var watch in watches) watch.Dispose();
        for (var i = 0; i < 3; i++) await Scene[i].ConnectAsync($"r{i}");
        for (var i = 0; i < 3; i++) await other.SaysAsync($"r{i}", "created");
        Assert.All(watches, watch => Assert.Empty(watch.Rooms));
    }

    // Nobody waits for those who list rooms to hear of a join, so a room may seem to end before they have heard of all its members. What a
    // node has told them is known when they know what it tells them afterwards; and with so many rooms, all of them are told something.
    private async Task WhenAllJoinsAreSeenAsync(RoomRecorder watch)
    {
        const int markers = 200;
        for (var i = 0; i < Scene.Nodes.Count; i++)
        {
            await Scene[i].ConnectAsync([.. Enumerable.Range(0, markers).Select(marker => $"{Marker}{i}-{marker}")]);
        }
        await EventuallyAsync(
            markers * Scene.Nodes.Count, () => new(watch.Rooms.Count(room => room.StartsWith(Marker, StringComparison.Ordinal))));
    }

    private async Task<RoomRecorder[]> WatchAsync()
    {
        var watches = Enumerable.Range(0, Scene.Nodes.Count).Select(i => new RoomRecorder(Scene[i].Adapter)).ToArray();
        foreach (var watch in watches) await watch.StartedAsync();
        return watches;
    }
}
