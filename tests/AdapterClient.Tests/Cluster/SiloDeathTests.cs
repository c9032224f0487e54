using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// G6 as far as streams go: whichever silo dies, the nodes that live hear each other again by themselves, and miss nothing.
/// </summary>
public sealed class SiloDeathTests : IAsyncLifetime
{
    private MortalSilos _silos = null!;

    public async Task InitializeAsync() => _silos = await MortalSilos.StartAsync(3);

    public async Task DisposeAsync() => await _silos.DisposeAsync();

    [Fact]
    public async Task HomeSiloKilled_FrontEndMovesAndMissesNothing()
    {
        var home = _silos.Silos.Single(silo => silo.Name == _silos.FrontEnd.Home);
        var publisher = _silos.Silos.First(silo => silo != home);
        await SurvivesAsync(publisher, home);
        Assert.NotEqual(home.Name, _silos.FrontEnd.Home);
        Assert.Contains(_silos.Silos, silo => silo.Name == _silos.FrontEnd.Home);
        Assert.Equal(publisher.Name, publisher.Home);
    }

    [Fact]
    public async Task AnotherSiloKilled_NothingIsMissed()
    {
        var home = _silos.Silos.Single(silo => silo.Name == _silos.FrontEnd.Home);
        var other = _silos.Silos.First(silo => silo != home);
        await SurvivesAsync(home, other);
    }

    [Fact]
    public async Task AllSilosReplaced_FrontEndStillHearsEverybody()
    {
        for (var i = 0; i < 3; i++)
        {
            await _silos.KillAsync(_silos.Silos[0]);
            var publisher = await _silos.StartAsync();
            await using var scene = await AdapterScene.OpenAsync($"/round-{i}", [_silos.FrontEnd, publisher]);
            var there = await scene[0].ConnectAsync("r");
            var back = await scene[1].ConnectAsync("r");
            await scene[1].Adapter.BroadcastAsync(Packets.Event("""["hello"]"""), BroadcastOptions.All.To("r"));
            await there.WaitForLogAsync(log => log.Length == 1, "an event of the new silo's node");
            await scene[0].Adapter.BroadcastAsync(Packets.Event("""["answer"]"""), BroadcastOptions.All.To("r"));
            await back.WaitForLogAsync(log => log.Length == 2, "the answer");
        }
    }

    // Sends all the time while a silo dies, in both directions.
    private async Task SurvivesAsync(MortalSilos.Node publisher, MortalSilos.Node victim)
    {
        const int Before = 50;
        const int After = 200;
        await using var scene = await AdapterScene.OpenAsync($"/killed-{Guid.NewGuid():N}", [_silos.FrontEnd, publisher]);
        var far = await scene[0].ConnectAsync("r");
        var near = await scene[1].ConnectAsync("r");
        for (var i = 0; i < Before; i++) await SendAsync(scene, i);
        var killing = _silos.KillAsync(victim);
        for (var i = Before; i < Before + After; i++)
        {
            await SendAsync(scene, i);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await killing;
        foreach (var (socket, sender) in new[] { (far, "near"), (near, "far") })
        {
            await socket.WaitForLogAsync(_ => Heard(scene, socket, sender).Length >= Before + After, "everything the other node sent");
            Assert.Equal(Enumerable.Range(0, Before + After).Select(i => $"""42["{sender}",{i}]"""), Heard(scene, socket, sender));
        }
    }

    private static async Task SendAsync(AdapterScene scene, int number)
    {
        var room = BroadcastOptions.All.To("r");
        await scene[0].Adapter.BroadcastAsync(Packets.Event($"""["far",{number}]"""), room);
        await scene[1].Adapter.BroadcastAsync(Packets.Event($"""["near",{number}]"""), room);
    }

    private static string[] Heard(AdapterScene scene, TestSocket socket, string sender) =>
        [.. scene.EventsOf(socket).Where(entry => entry.Contains($"\"{sender}\"", StringComparison.Ordinal))];
}
