using System.Collections.Concurrent;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task RoomSize_JoinsAndLeavesOnEveryNode_CountsTheCluster()
    {
        Assert.Equal(0, await Scene[0].Adapter.RoomSizeAsync("r"));
        var sockets = await ConnectOneEachAsync("r");
        for (var i = 0; i < 3; i++) Assert.Equal(3, await Scene[i].Adapter.RoomSizeAsync("r"));
        Assert.Equal(1, await Scene[0].Adapter.RoomSizeAsync(sockets[1].Id));

        await sockets[1].LeaveAsync("r");
        for (var i = 0; i < 3; i++) Assert.Equal(2, await Scene[i].Adapter.RoomSizeAsync("r"));
        sockets[0].Disconnect(close: false);
        sockets[2].Disconnect(close: false);
        await EventuallyAsync(0, () => Scene[1].Adapter.RoomSizeAsync("r"));
    }

    [Fact]
    public async Task RoomSize_JoinJustCalled_CountsIt()
    {
        var socket = await Scene[0].ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            var joined = socket.JoinAsync($"r{i}");
            Assert.Equal(1, await Scene[0].Adapter.RoomSizeAsync($"r{i}"));
            var left = socket.LeaveAsync($"r{i}");
            Assert.Equal(0, await Scene[0].Adapter.RoomSizeAsync($"r{i}"));
            await joined;
            await left;
        }
    }

    [Fact]
    public async Task RoomSize_SocketsThatJoinWhileOthersDo_AreAllCounted()
    {
        var joins = new List<Task<TestSocket>>();
        for (var i = 0; i < 60; i++) joins.Add(Scene[i].ConnectAsync("r", $"own{i}"));
        var sockets = await Task.WhenAll(joins);
        for (var i = 0; i < 3; i++) await EventuallyAsync(60, () => Scene[i].Adapter.RoomSizeAsync("r"));

        await Task.WhenAll(sockets.Take(30).Select(s => s.LeaveAsync("r").AsTask()));
        for (var i = 0; i < 3; i++) await EventuallyAsync(30, () => Scene[i].Adapter.RoomSizeAsync("r"));
    }

    [Fact]
    public async Task SocketCount_SocketsOnEveryNode_CountsThem()
    {
        var sockets = await ConnectOneEachAsync();
        for (var i = 0; i < 3; i++) await EventuallyAsync(3, () => Scene[i].Adapter.SocketCountAsync());
        sockets[1].Disconnect(close: false);
        for (var i = 0; i < 3; i++) await EventuallyAsync(2, () => Scene[i].Adapter.SocketCountAsync());
    }

    [Fact]
    public async Task WatchRoomSizes_ChangesAnywhere_AreToldToNodesWithMembers()
    {
        var watches = Enumerable.Range(0, Scene.Nodes.Count).Select(i => new SizeRecorder(Scene[i].Adapter)).ToArray();
        var first = await Scene[0].ConnectAsync("r");
        await watches[0].LastIsAsync("r", 1);
        var second = await Scene[1].ConnectAsync("r");
        await watches[0].LastIsAsync("r", 2);
        await watches[1 % watches.Length].LastIsAsync("r", 2);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Scene[1].ConnectAsync("r")));
        await watches[0].LastIsAsync("r", 22);
        second.Disconnect(close: false);
        await watches[0].LastIsAsync("r", 21);
        foreach (var socket in Scene[1].Sockets.Where(s => s != first)) socket.Disconnect(close: false);
        await watches[0].LastIsAsync("r", 1);

        if (watches.Length > 2) Assert.Empty(watches[2].Reports);
        Assert.All(watches, watch => Assert.All(watch.Reports, size => Assert.Equal("r", size.Room)));
        foreach (var watch in watches) watch.Dispose();
        var reports = watches[0].Reports.Count;
        await Scene[0].ConnectAsync("r");
        await Scene.BarrierAsync(0);
        Assert.Equal(reports, watches[0].Reports.Count);
    }

    [Fact]
    public async Task WatchRoomSizes_FromNowOn_HearsOfRoomsThatWereThereBefore()
    {
        await Scene[0].ConnectAsync("r");
        await Scene[1].ConnectAsync("r");
        using var watch = new SizeRecorder(Scene[0].Adapter);
        await Scene[1].ConnectAsync("r");
        await watch.LastIsAsync("r", 3);
    }

    private sealed class SizeRecorder : IDisposable
    {
        private readonly IDisposable _watch;
        private readonly ConcurrentQueue<RoomSize> _reports = new();

        public SizeRecorder(NamespaceRooms adapter) => _watch = adapter.WatchRoomSizes(_reports.Enqueue);

        public ConcurrentQueue<RoomSize> Reports => _reports;

        public Task LastIsAsync(string room, int sockets) =>
            EventuallyAsync(sockets, () => new(_reports.LastOrDefault(size => size.Room == room).Sockets));

        public void Dispose() => _watch.Dispose();
    }
}
