using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using System.Diagnostics.Metrics;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Grains;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Nodes keep where rooms have members, and G3 and G4 hold all the same.</summary>
public abstract class CachedRoutesTests(ClusterFixture cluster)
{
    private const int Rooms = 30;

    /// <summary>
    /// First joins of a node race with others that write to the rooms all the time by routes that they keep: when a join has completed,
    /// what they write from then on arrives.
    /// </summary>
    [Fact]
    public async Task G3_FirstJoinOfANode_IsFollowedByBroadcastsOfNodesThatKnowTheRoomsRoutes()
    {
        await using var scene = await AdapterScene.OpenAsync($"/cached-{Guid.NewGuid():N}", cluster.Nodes);
        var rooms = Enumerable.Range(0, Rooms).Select(i => $"r{i}").ToArray();
        await scene[0].ConnectAsync(rooms);
        using var ending = new CancellationTokenSource();
        var noise = Task.WhenAll(Enumerable.Range(0, 3).Select(node => Task.Run(() => WriteAsync(scene, node, rooms, ending.Token))));
        for (var round = 0; round < 4; round++)
        {
            foreach (var node in (int[])[0, 1, 2]) await WhenKeptAsync(scene, node, rooms);
            var joining = 1 + (round % 2);
            await Task.WhenAll(rooms.Select(room => Task.Run(() => JoinAndHearAsync(scene, joining, room, round))));
        }

        await ending.CancelAsync();
        await noise;
    }

    [Fact]
    public async Task G3_SecondSocketThatJoinsMeanwhile_WaitsForTheSame()
    {
        await using var scene = await AdapterScene.OpenAsync($"/second-{Guid.NewGuid():N}", cluster.Nodes);
        var rooms = Enumerable.Range(0, Rooms).Select(i => $"r{i}").ToArray();
        await scene[0].ConnectAsync(rooms);
        await WhenKeptAsync(scene, 2, rooms);
        await Task.WhenAll(rooms.Select(async room =>
        {
            var sockets = new[] { await scene[1].ConnectAsync(), await scene[1].ConnectAsync(), await scene[1].ConnectAsync() };
            await Task.WhenAll(sockets.Select((socket, i) => Task.Run(async () =>
            {
                await socket.JoinAsync(room);
                var mark = $"""["{room}-{i}"]""";
                await scene[2].Adapter.BroadcastAsync(Packets.Event(mark), BroadcastOptions.All.To(room));
                await HeardAsync(socket, mark);
            })));
        }));
    }

    [Fact]
    public async Task G3_JoinMadeFromAfar_IsFollowedByBroadcastsOfWhoMadeItWithoutAWait()
    {
        await using var scene = await AdapterScene.OpenAsync($"/afar-{Guid.NewGuid():N}", cluster.Nodes);
        var rooms = Enumerable.Range(0, Rooms).Select(i => $"r{i}").ToArray();
        await scene[0].ConnectAsync(rooms);
        await WhenKeptAsync(scene, 2, rooms);
        foreach (var room in rooms)
        {
            var socket = await scene[1].ConnectAsync();
            var joined = scene[2].Adapter.SocketsJoinAsync(BroadcastOptions.All.To(socket.Id), [room]);
            for (var i = 0; i < 20; i++)
            {
                await scene[2].Adapter.BroadcastAsync(Packets.Event($"""["{room}-{i}"]"""), BroadcastOptions.All.To(room));
                if (i % 5 == 4) await ((HostedNode)cluster.Nodes[2]).Node.WhenSentAsync();
            }

            await joined;
            await scene[2].Adapter.BroadcastAsync(Packets.Event($"""["{room}-20"]"""), BroadcastOptions.All.To(room));
            await HeardAsync(socket, $"""["{room}-20"]""");
            Assert.Equal(
                Enumerable.Range(0, 21).Select(i => $"""42["{room}-{i.ToString(CultureInfo.InvariantCulture)}"]"""),
                scene.EventsOf(socket));
        }
    }

    [Fact]
    public async Task G4_NodeThatTheLastMemberLeft_IsSentNothingAnyMoreLongBeforeTheLeaseEnds()
    {
        await using var scene = await AdapterScene.OpenAsync($"/left-{Guid.NewGuid():N}", cluster.Nodes);
        using var sent = new SentEnvelopes((HostedNode)cluster.Nodes[0]);
        var (b, c) = (((HostedNode)cluster.Nodes[1]).Node.NodeId, ((HostedNode)cluster.Nodes[2]).Node.NodeId);
        var leaving = await scene[1].ConnectAsync("r");
        await scene[2].ConnectAsync("r");
        await WhenKeptAsync(scene, 0, ["r"]);
        var since = TimeProvider.System.GetTimestamp();
        Assert.Equal(new() { [b] = 1, [c] = 1 }, await EmitAsync());
        await leaving.LeaveAsync("r");

        await AdapterScene.UntilAsync(async () => (await EmitAsync()).Keys.SequenceEqual([c]));
        Assert.True(
            TimeProvider.System.GetElapsedTime(since) < new RoomsGrainOptions().RouteLease, "It may have been the end of the lease.");

        Task<Dictionary<string, long>> EmitAsync() =>
            sent.CountAsync(() => scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r")).AsTask());
    }

    [Fact]
    public async Task SocketThatJoinsAndLeavesAgainAndAgain_HasEachNodeDropItsRouteOnce()
    {
        await using var scene = await AdapterScene.OpenAsync($"/loop-{Guid.NewGuid():N}", cluster.Nodes);
        await scene[0].ConnectAsync("r");
        await WhenKeptAsync(scene, 2, ["r"]);
        var socket = await scene[1].ConnectAsync();
        using var sent = new SentEnvelopes((HostedNode)cluster.Nodes[1]);
        var demands = await sent.CountAsync(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await socket.JoinAsync("r");
                await socket.LeaveAsync("r");
            }
        });

        // Besides, a leave may have been told before the first demand was answered.
        Assert.InRange(demands.Values.Sum(), 1, 4);
    }

    private static async Task JoinAndHearAsync(AdapterScene scene, int joining, string room, int round)
    {
        var socket = await scene[joining].ConnectAsync();
        await socket.JoinAsync(room);
        int[] others = [.. Enumerable.Range(0, 3).Where(node => node != joining)];
        foreach (var node in others)
        {
            await scene[node].Adapter.BroadcastAsync(Packets.Event(Mark(node)), BroadcastOptions.All.To(room));
        }

        foreach (var node in others) await HeardAsync(socket, Mark(node));
        await socket.LeaveAsync(room);

        string Mark(int node) => $"""["{room}-{round}-{node}"]""";
    }

    private async Task WriteAsync(AdapterScene scene, int node, string[] rooms, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var room in rooms)
            {
                await scene[node]
                    .Adapter.BroadcastAsync(Packets.Event("""["noise"]"""), BroadcastOptions.All.To(room), CancellationToken.None);
            }
            await ((HostedNode)cluster.Nodes[node]).Node.WhenSentAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    // Until a node asks nobody any more where to send to any of the rooms.
    private async Task WhenKeptAsync(AdapterScene scene, int node, string[] rooms)
    {
        var there = (HostedNode)cluster.Nodes[node];
        var meters = there.Services.GetRequiredService<IMeterFactory>();
        using var cached = new MetricCollector<long>(meters, "OrleansRooms.Messaging", "orleansrooms.messaging.routes.cached");
        using var asked = new MetricCollector<long>(meters, "OrleansRooms.Messaging", "orleansrooms.messaging.routes.asked");
        await AdapterScene.UntilAsync(async () =>
        {
            cached.Clear();
            asked.Clear();
            foreach (var room in rooms)
            {
                await scene[node].Adapter.BroadcastAsync(Packets.Event("""["noise"]"""), BroadcastOptions.All.To(room));
            }
            await there.Node.WhenSentAsync();
            return asked.GetMeasurementSnapshot().Count == 0 && cached.GetMeasurementSnapshot().Sum(each => each.Value) >= rooms.Length;
        });
    }

    private static Task<string[]> HeardAsync(TestSocket socket, string mark) =>
        socket.WaitForLogAsync(log => Array.Exists(log, entry => entry.EndsWith(mark, StringComparison.Ordinal)), mark);
}

[Collection(ThreeSilosTests.Name)]
public sealed class CachedRoutesOnThreeSilosTests(ClientsOfThreeSilos cluster) : CachedRoutesTests(cluster);

public sealed class CachedRoutesOnOneSiloTests(CohostedAndClients cluster) : CachedRoutesTests(cluster), IClassFixture<CohostedAndClients>;
