using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>What watchers of rooms hear when owners that know them are lost: only what has really happened.</summary>
public sealed class RoomLifecycleTests : IAsyncLifetime
{
    private const int RoomCount = 60;

    private MortalSilos _silos = null!;

    public async Task InitializeAsync() => _silos = await MortalSilos.StartAsync(3);

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task SiloWithSomeOwnersKilled_NoRoomIsToldToEndOrToBegin()
    {
        var home = _silos.Silos.Single(silo => silo.Name == _silos.FrontEnd.Home);
        var victim = _silos.Silos.First(silo => silo != home);
        var survivor = _silos.Silos.First(silo => silo != home && silo != victim);
        var name = $"/lifecycle-{Guid.NewGuid():N}";
        await using var scene = await AdapterScene.OpenAsync(name, [_silos.FrontEnd, survivor]);
        for (var i = 0; i < RoomCount; i++) await scene[i].ConnectAsync($"old-{i}");
        await AdapterScene.UntilAsync(async () => (await scene[0].Adapter.RoomsAsync("", null, 1000)).Length == RoomCount);
        using var near = new RoomRecorder(scene[0].Adapter);
        using var far = new RoomRecorder(scene[1].Adapter);
        await near.StartedAsync();
        await far.StartedAsync();

        await _silos.KillAsync(victim);
        // In every shard, so that each is heard again.
        var expected = ShardedRooms.InEveryShard("new-");
        foreach (var room in expected) await scene[1].ConnectAsync(room);
        foreach (var watch in new[] { near, far })
        {
            foreach (var room in expected) await watch.SaysAsync(room, "created");
            Assert.Equal(expected.Order(StringComparer.Ordinal), watch.Changes.Select(change => change.Room).Order(StringComparer.Ordinal));
        }
    }
}
