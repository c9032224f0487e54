using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>What joins cost: by the calls that the node makes to owners of rooms, and by the grains that come up for them.</summary>
public sealed class JoinCostTests(ClientsOfThreeSilos cluster) : IClassFixture<ClientsOfThreeSilos>
{
    private const string ShardGrain = "Rooms.RoomShardGrain";

    [Fact]
    public async Task JoinOfAFurtherSocketOfTheNode_IsCompleteWithoutARoundTripAndToldInBatches()
    {
        const int sockets = 1000;
        await using var scene = await AdapterScene.OpenAsync($"/cost-{Guid.NewGuid():N}", cluster.Nodes);
        var joining = new List<TestSocket>();
        for (var i = 0; i < sockets; i++) joining.Add(await scene[1].ConnectAsync());
        await scene[1].ConnectAsync("r");
        Assert.Equal(1, await scene[1].Adapter.RoomSizeAsync("r"));

        using var calls = new Announcements((HostedNode)cluster.Nodes[1]);
        foreach (var socket in joining)
        {
            var joined = socket.JoinAsync("r").AsTask();
            Assert.True(joined.IsCompletedSuccessfully);
        }

        Assert.Equal(sockets + 1, await scene[1].Adapter.RoomSizeAsync("r"));

        // While one call is under way the next gathers what comes.
        Assert.InRange(calls.Count, 1, sockets / 2);
    }

    [Fact]
    public async Task Rooms_HoweverMany_ActivateNoMoreGrainsThanThereAreShards()
    {
        const int sockets = 300;
        await using var scene = await AdapterScene.OpenAsync($"/many-{Guid.NewGuid():N}", cluster.Nodes);
        var shards = await cluster.Silos.CountActivationsAsync(ShardGrain);
        var connected = new List<TestSocket>();
        for (var i = 0; i < sockets; i++) connected.Add(await scene[i].ConnectAsync($"own-{i}"));

        // Sent to, asked about and joined by another socket.
        for (var i = 0; i < sockets; i++)
        {
            await scene[i + 1].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To(connected[i].Id).To($"own-{i}"));
            Assert.Equal(1, await scene[i + 2].Adapter.RoomSizeAsync(connected[i].Id));
            Assert.Equal(1, await scene[i + 2].Adapter.RoomSizeAsync($"own-{i}"));
        }

        await connected[0].JoinAsync(connected[1].Id);
        Assert.Equal(2, await scene[2].Adapter.RoomSizeAsync(connected[1].Id));
        foreach (var socket in connected) await socket.WaitForLogAsync(log => log.Length == 1, "its event");
        Assert.InRange(await cluster.Silos.CountActivationsAsync(ShardGrain) - shards, 1, RoomShardKey.Count);
    }

    [Fact]
    public async Task OwnersThatAreToldAtOnce_AreToldInOneCallForEachSilo()
    {
        await using var scene = await AdapterScene.OpenAsync($"/together-{Guid.NewGuid():N}", cluster.Nodes);
        var node = (HostedNode)cluster.Nodes[1];
        var member = await scene[1].ConnectAsync();
        var rooms = ShardedRooms.InEveryShard("r");
        foreach (var room in rooms) await member.JoinAsync(room);
        var silos = new HashSet<int>();
        foreach (var room in rooms) silos.Add(await cluster.Silos.SiloOfAsync(node.OwnerOf(scene.Name, room)));

        using var calls = new Announcements(node);
        await node.Node.Find(scene.Name)!.TellEverythingAgainAsync();

        Assert.InRange(silos.Count, 2, 3);
        Assert.Equal(silos.Count, calls.Count);
    }

    /// <summary>Counts the calls by which a node tells owners of its members.</summary>
    private sealed class Announcements : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Announcements(HostedNode node)
        {
            var meters = node.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "orleansrooms.adapter.announcements" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _count, count));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
