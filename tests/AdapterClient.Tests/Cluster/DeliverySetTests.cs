using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// G1: the union of the rooms, each socket once, minus the members of the excepted rooms; no rooms mean all, unknown ones nobody.
/// </summary>
[Collection(ThreeSilosTests.Name)]
public sealed class DeliverySetTests(ClientsOfThreeSilos cluster)
{
    private const int Rounds = 400;

    [Fact]
    public async Task G1_RandomRoomsExceptionsAndBinary_ReachExactlyTheSocketsOfTheModel()
    {
        await using var scene = await AdapterScene.OpenAsync($"/set-{Guid.NewGuid():N}", cluster.Nodes);
        var random = new Random(20260103);
        var rooms = new Dictionary<TestSocket, HashSet<string>>();
        var expected = new Dictionary<TestSocket, List<int>>();
        for (var i = 0; i < 9; i++)
        {
            string[] joined = [.. Enumerable.Range(0, 5).Where(_ => random.Next(3) == 0).Select(room => $"r{room}")];
            var socket = await scene[i].ConnectAsync(joined);
            rooms[socket] = [socket.Id, .. joined];
            expected[socket] = [];
        }

        var sockets = rooms.Keys.ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var sender = random.Next(3);
            var options = BroadcastOptions.All.To(Some(3)).ButNot(Some(2));
            if (random.Next(10) == 0) options = options.With(BroadcastFlags.Local);
            foreach (var socket in sockets)
            {
                var isHere = scene[sender].Sockets.Contains(socket);
                var matches = options.Rooms.IsEmpty || options.Rooms.Any(rooms[socket].Contains);
                if (matches && !options.Except.Any(rooms[socket].Contains) && (isHere || !options.IsLocal)) expected[socket].Add(round);
            }

            var packet = random.Next(4) == 0
                ? Packets.Event($$"""["e{{round}}:",{"_placeholder":true,"num":0}]""", [(byte)round, 255])
                : Packets.Event($"""["e{round}:"]""");
            await scene[sender].Adapter.BroadcastAsync(packet, options);
        }

        for (var node = 0; node < 3; node++) await scene.BarrierAsync(node);
        foreach (var socket in sockets)
        {
            var heard = scene.EventsOf(socket).Select(NumberOf);
            // In no order between nodes.
            Assert.Equal(expected[socket], heard.Order());
        }

        string[] Some(int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => random.Next(8) switch
        {
            0 => sockets[random.Next(sockets.Length)].Id,
            1 => "unknown",
            var other => $"r{other % 5}",
        })];
    }

    private static int NumberOf(string entry)
    {
        var start = entry.IndexOf("[\"e", StringComparison.Ordinal) + 3;
        return int.Parse(entry[start..entry.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
