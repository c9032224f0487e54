using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>How long names of rooms may be, and how many rooms a socket may be in.</summary>
public sealed class RoomLimitTests
{
    private static readonly string Longest = new('r', 1024);

    [Fact]
    public async Task Join_OfANameThatIsTooLong_IsRefusedToTheCaller()
    {
        var server = new TestServer();
        var client = await server.ConnectAsync();
        var socket = server.Io.Sockets[client.SocketId];

        await socket.JoinAsync(Longest);
        var refusal = await Assert.ThrowsAsync<RoomLimitException>(async () => await socket.JoinAsync("a", Longest + "r"));
        Assert.Equal("The name of a room has 1025 bytes; 1024 are allowed (MaxRoomNameBytes).", refusal.Message);
        await Assert.ThrowsAsync<RoomLimitException>(async () => await socket.JoinAsync(new string('\u4e2d', 342)));
        await Assert.ThrowsAsync<RoomLimitException>(async () => await server.Io.SocketsJoinAsync(Longest + "r"));

        await socket.JoinAsync(new string('\u4e2d', 341));
        Assert.Equal([socket.Id, Longest, new string('\u4e2d', 341)], socket.Rooms);
    }

    [Fact]
    public async Task Join_OfOneRoomTooMany_JoinsNone()
    {
        var server = new TestServer(options => options.MaxRoomsPerSocket = 3);
        var client = await server.ConnectAsync();
        var socket = server.Io.Sockets[client.SocketId];

        await socket.JoinAsync("a");
        var refusal = await Assert.ThrowsAsync<RoomLimitException>(async () => await socket.JoinAsync("b", "c"));
        Assert.Equal($"Socket '{socket.Id}' may be in 3 rooms (MaxRoomsPerSocket).", refusal.Message);
        Assert.Equal([socket.Id, "a"], socket.Rooms);

        // What it is in already, or what is named twice, counts once.
        await socket.JoinAsync("a", "b", "b");
        await socket.JoinAsync("a");
        await socket.LeaveAsync("a");
        await socket.JoinAsync("c");
        Assert.Equal([socket.Id, "b", "c"], socket.Rooms);
    }

    [Fact]
    public async Task SocketsJoin_OfOneRoomTooMany_LeavesOutWhoHasThemAll_CountedAndLoggedOnceAnEpisode()
    {
        using var logs = new FakeLoggerProvider();
        using var loggers = new LoggerFactory([logs]);
        var time = new FakeTimeProvider();
        var server = new TestServer(options => options.MaxRoomsPerSocket = 2, time, loggers: loggers);
        using var refused = new MetricCollector<long>(TestServer.Meters, SocketIOMetrics.MeterName, "orleansrooms.socketio.joins.refused");
        var (full, free) = (await server.ConnectAsync(), await server.ConnectAsync());
        await server.Io.Sockets[full.SocketId].JoinAsync("a");

        await server.Io.SocketsJoinAsync("b");
        await server.Io.In("a").SocketsJoinAsync("c");
        Assert.Equal([full.SocketId, "a"], server.Io.Sockets[full.SocketId].Rooms);
        Assert.Equal([free.SocketId, "b"], server.Io.Sockets[free.SocketId].Rooms);
        Assert.Equal(2, refused.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.Single(logs.Collector.GetSnapshot(), record => record.Id.Name == "JoinsRefused");

        time.Advance(TimeSpan.FromMinutes(1));
        await server.Io.In("a").SocketsJoinAsync("c");
        Assert.Equal(2, logs.Collector.GetSnapshot().Count(record => record.Id.Name == "JoinsRefused"));
    }
}
