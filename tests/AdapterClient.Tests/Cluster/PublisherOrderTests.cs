using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>G2: what one node sends in one namespace arrives in the order of sending, whatever it is and however large.</summary>
public sealed class PublisherOrderTests(ClientsOfThreeSilos cluster) : IClassFixture<ClientsOfThreeSilos>
{
    private const int Operations = 3000;

    [Fact]
    public async Task ManyOperationsOfAllKindsAndSizes_ArriveInOrderEverywhere()
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
        foreach (var socket in sockets)
        {
            // 42["123:","xxx... is the 123rd operation.
            Assert.Equal(expected[socket], scene.EventsOf(socket).Select(entry => entry[4..entry.IndexOf(':', StringComparison.Ordinal)]));
        }
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

    // Mostly small, now and then 100 kB, a few times 1 MB.
    private static int SizeOf(int operation, Random random) =>
        operation % 800 == 400 ? 1_000_000 : operation % 100 == 50 ? 100_000 : random.Next(10, 300);
}
