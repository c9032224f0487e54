using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansRooms.Emitter;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>An emitter while a silo is killed under it: clients of all nodes hear everything it says, once and in its order.</summary>
[Collection(ProcessTests.Name)]
public sealed class EmitterProcessTests(ProcessCluster cluster)
{
    private const string Emitter = "emitter";
    private const int Sentences = 150;

    [RedisFact]
    public async Task KilledSilo_LosesNothingThatIsEmitted()
    {
        string[] rooms = [.. Enumerable.Range(0, 6).Select(_ => cluster.NewName("room"))];
        var members = await Task.WhenAll(cluster.Nodes.Select(node => cluster.JoinAsync(node, rooms)));
        foreach (var room in rooms) await members[0].AskUntilAsync<int>(size => size == members.Length, "size", room);
        using var host = BuildHost();
        await host.StartAsync();
        var emitter = host.Services.GetRequiredService<ISocketIOEmitter>();
        foreach (var room in rooms) Assert.Equal(members.Length, await AnsweredAsync(() => emitter.RoomSizeAsync(room)));

        var killing = Task.CompletedTask;
        for (var i = 0; i < Sentences; i++)
        {
            if (i == Sentences / 4) killing = cluster.KillSiloAsync(cluster.Silos[1]);
            foreach (var room in rooms) await emitter.To(room).EmitAsync("said", Emitter, $"{i}", room);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        }

        await killing;
        await emitter.To(rooms).EmitAsync("end");
        foreach (var member in members)
        {
            await member.Js.NextAsync("end");
            foreach (var room in rooms) Assert.Equal(Enumerable.Range(0, Sentences).Select(i => $"{i}"), Heard(member, room));
        }

        // The directory answers it again as well, and there is nobody in it who only emits.
        // A node that an earlier test ended without a goodbye has a lease of its own to run out.
        await cluster.StartSiloAsync();
        await members[0].AskUntilAsync<int>(servers => servers == cluster.Nodes.Count, "servers");
        Assert.Equal(members.Length, await AnsweredAsync(() => emitter.RoomSizeAsync(rooms[0])));
        Assert.Equal(cluster.Nodes.Count, await AnsweredAsync(() => emitter.ServerCountAsync()));
        await host.StopAsync();
    }

    // While owners are incomplete a question fails rather than lies.
    private static async Task<int> AnsweredAsync(Func<ValueTask<int>> ask)
    {
        using var patience = new CancellationTokenSource(Inbox<int>.DefaultTimeout, TimeProvider.System);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (EmitterUnavailableException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private static IEnumerable<string> Heard(NodeClient member, string room) => member.Js.Waiting
        .Where(e => e.Name == "said" && e.Get<string>(0) == Emitter && e.Get<string>(2) == room).Select(e => e.Get<string>(1)!);

    private IHost BuildHost()
    {
        var builder = Host.CreateApplicationBuilder(cluster.Rooms);
        builder.Logging.ClearProviders();
        builder.AddRoomsClient();
        builder.Services.AddSocketIOEmitter();
        return builder.Build();
    }
}
