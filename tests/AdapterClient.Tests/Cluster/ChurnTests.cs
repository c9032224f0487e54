using System.Globalization;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// 200 rooms with 50 joins or leaves a second each on three nodes, of which one is killed, and so is a silo: in the end every answer of the
/// directory is the union of what the surviving nodes hold. Lasts as many seconds as the environment variable ORLEANSROOMS_CHURN_SECONDS
/// says; 8 if it says nothing.
/// </summary>
public sealed class ChurnTests
{
    private const int Rooms = 200;
    private const int ChangesPerSecond = Rooms * 50;
    private const int SocketsPerNode = 40;

    [Fact]
    public async Task Churn_WithANodeAndASiloKilled_EndsWithTheUnionOfTheSurvivors()
    {
        var duration = TimeSpan.FromSeconds(double.Parse(
            Environment.GetEnvironmentVariable("ORLEANSROOMS_CHURN_SECONDS") ?? "8", CultureInfo.InvariantCulture));
        await using var silos = await TestSilos.StartAsync(3, nodeTimeout: TimeSpan.FromSeconds(8), silosDie: true);
        await using var first = await silos.StartClientNodeAsync();
        await using var second = await silos.StartClientNodeAsync();
        await using var doomed = await silos.StartClientNodeAsync();
        await using var scene = await AdapterScene.OpenAsync("/churn", [first, second, doomed]);
        var sockets = new TestSocket[3 * SocketsPerNode];
        for (var i = 0; i < sockets.Length; i++) sockets[i] = await scene[i].ConnectAsync();

        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        using var churning = new CancellationTokenSource();
        var isKilled = false;
        var churn = Task.Run(ChurnAsync);
        await Task.Delay(duration / 3, clock);
        Volatile.Write(ref isKilled, true);
        await doomed.KillAsync();
        await Task.Delay(duration / 6, clock);
        await silos.KillSiloAsync(2);
        await Task.Delay(duration / 2, clock);
        await churning.CancelAsync();
        var changes = await churn;
        Assert.True(changes > ChangesPerSecond * clock.GetElapsedTime(start).TotalSeconds / 10, $"Only {changes} changes were made.");

        await AdapterScene.UntilAsync(async () => (await AdapterScene.AnsweredAsync(() => scene[0].Adapter.ServersAsync())).Length == 2);
        var expected = Enumerable.Range(0, Rooms).ToDictionary(i => $"r{i}", _ => new List<string>());
        foreach (var socket in sockets.Where((_, i) => i % 3 != 2))
        {
            foreach (var room in scene[Array.IndexOf(sockets, socket)].Rooms.SocketRooms(socket.Id)!)
            {
                if (room != socket.Id) expected[room].Add(socket.Id);
            }
        }

        foreach (var (room, members) in expected)
        {
            // Each node's own question comes behind what it has to tell of the room.
            var sizes = new[]
            {
                await AdapterScene.AnsweredAsync(() => scene[0].Adapter.RoomSizeAsync(room)),
                await AdapterScene.AnsweredAsync(() => scene[1].Adapter.RoomSizeAsync(room)),
            };
            Assert.Equal(members.Count, sizes[1]);
            var answer = await AdapterScene.AnsweredAsync(() => scene[0].Adapter.RoomMembersAsync(room));
            Assert.Equal(members.Order(StringComparer.Ordinal), answer.Select(member => member.SocketId).Order(StringComparer.Ordinal));
        }

        var rooms = expected.Where(each => each.Value.Count > 0).Select(each => each.Key).Order(StringComparer.Ordinal);
        await AdapterScene.UntilAsync(
            async () => rooms.SequenceEqual(await AdapterScene.AnsweredAsync(() => scene[1].Adapter.RoomsAsync("", null, 1000))));

        async Task<int> ChurnAsync()
        {
            var random = new Random(17);
            var made = 0;
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), clock);
            while (!churning.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync();
                for (var i = 0; i < ChangesPerSecond / 50; i++, made++)
                {
                    var index = random.Next(sockets.Length);
                    if (index % 3 == 2 && Volatile.Read(ref isKilled)) continue;
                    var room = $"r{random.Next(Rooms)}";
                    var adapter = scene[index].Adapter;
                    var change = adapter.Local.SocketRooms(sockets[index].Id)!.Contains(room)
                        ? adapter.RemoveAsync(sockets[index].Id, room)
                        : adapter.AddAllAsync(sockets[index].Id, [room]);
                    // Nobody waits, as little as a crowd of clients waits for one another; but nothing may fail.
                    if (!change.IsCompletedSuccessfully) _ = change.AsTask();
                }
            }

            return made;
        }
    }
}
