using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G2: what one node sends in one namespace arrives in the order of sending, whatever it is and however large.</summary>
[Collection(ThreeSilosTests.Name)]
public sealed class PublisherOrderTests(ClientsOfThreeSilos cluster)
{
    private const int Operations = 10_000;

    [Fact]
    public async Task G2_TenThousandOperationsOfAllKindsAndSizes_ArriveInOrderEverywhere()
    {
        await using var scene = await AdapterScene.OpenAsync($"/order-{Guid.NewGuid():N}", cluster.Nodes);
        var random = new Random(20260101);
        var sockets = new List<TestSocket>();
        var rooms = new Dictionary<TestSocket, HashSet<string>>();
        var expected = new Dictionary<TestSocket, List<string>>();
        for (var i = 0; i < 6; i++)
        {
            var socket = await scene[i].ConnectAsync($"room{i % 2}");
            sockets.Add(socket);
            rooms[socket] = [socket.Id, $"room{i % 2}"];
            expected[socket] = [];
        }

        for (var i = 0; i < Operations; i++)
        {
            if (i % (Operations / 10) == Operations / 20)
            {
                // One that is there from now on takes the place of one that goes, each on another node.
                await ReplaceAsync(scene, sockets, rooms, expected, i);
            }

            var options = Recipients(random, sockets);
            var matching = sockets.Where(s => Matches(options, rooms[s])).ToList();
            var room = $"room{random.Next(6)}";
            switch (random.Next(10))
            {
                case 0:
                    _ = scene[0].Adapter.SocketsJoinAsync(options, [room]).AsTask();
                    foreach (var socket in matching) rooms[socket].Add(room);
                    break;
                case 1:
                    _ = scene[0].Adapter.SocketsLeaveAsync(options, [room]).AsTask();
                    foreach (var socket in matching) rooms[socket].Remove(room);
                    break;
                default:
                    var filling = new string('x', SizeOf(i, random));
                    _ = scene[0].Adapter.BroadcastAsync(Packets.Event($"""["{i}:","{filling}"]"""), options).AsTask();
                    foreach (var socket in matching) expected[socket].Add(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
            }
        }

        await scene.BarrierAsync(0);
        foreach (var (socket, operations) in expected)
        {
            // 42["123:","xxx... is the 123rd operation.
            Assert.Equal(
                operations, scene.EventsOf(socket).Select(
                    entry => entry.StartsWith('4') ? entry[4..entry.IndexOf(':', StringComparison.Ordinal)] : entry));
        }
    }

    private static async Task ReplaceAsync(
        AdapterScene scene, List<TestSocket> sockets, Dictionary<TestSocket, HashSet<string>> rooms,
        Dictionary<TestSocket, List<string>> expected, int operation)
    {
        var gone = sockets[0];
        sockets.RemoveAt(0);
        expected[gone].Add("disconnected");
        // Everything before reaches it, nothing after does; without an await, as everything here.
        _ = scene[0].Adapter.DisconnectSocketsAsync(BroadcastOptions.All.To(gone.Id), close: false).AsTask();
        await gone.WaitForLogAsync(log => log[^1] == "disconnected", "its end");
        // A new one knows nothing of what is under way to its node, so that has to be there first.
        await scene.BarrierAsync(0);
        var socket = await scene[operation].ConnectAsync("room0");
        sockets.Add(socket);
        rooms[socket] = [socket.Id, "room0"];
        expected[socket] = [];
    }

    private static BroadcastOptions Recipients(Random random, List<TestSocket> sockets) => random.Next(6) switch
    {
        0 => BroadcastOptions.All,
        1 => BroadcastOptions.All.To(sockets[random.Next(sockets.Count)].Id),
        2 => BroadcastOptions.All.To($"room{random.Next(6)}").ButNot($"room{random.Next(6)}"),
        3 => BroadcastOptions.All.To($"room{random.Next(6)}", $"room{random.Next(6)}"),
        _ => BroadcastOptions.All.To($"room{random.Next(6)}"),
    };

    private static bool Matches(BroadcastOptions options, HashSet<string> rooms) =>
        (options.Rooms.IsEmpty || options.Rooms.Any(rooms.Contains)) && !options.Except.Any(rooms.Contains);

    // From 10 bytes to 1 MB, the small ones far more often.
    private static int SizeOf(int operation, Random random) =>
        operation % 2500 == 1250 ? 1_000_000 : operation % 250 == 50 ? 100_000 : operation % 25 == 10 ? 3000 : random.Next(10, 300);
}
