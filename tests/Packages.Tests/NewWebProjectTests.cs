using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Packages.Tests;

/// <summary>The packages as their users get them.</summary>
[Collection(PackageCollection.Name)]
public sealed class NewWebProjectTests(PackedLibraries packages)
{
    // The README's server and cluster in one program, with rooms.
    private const string Program = """
        using Orleans.Hosting;
        using OrleansRooms.SocketIO;

        var builder = WebApplication.CreateBuilder(args);
        builder.UseOrleans(silo => silo.UseRoomsClustering().AddRooms());
        builder.Services.AddSocketIO().AddOrleansAdapter();
        builder.Services.AddHealthChecks().AddOrleansRooms();
        var app = builder.Build();

        app.MapHealthChecks("/health");
        var io = app.MapSocketIO("/socket.io").Server;
        io.OnConnection(socket =>
        {
            socket.On<string, int>("join", async room =>
            {
                await socket.JoinAsync(room);
                return await io.RoomSizeAsync(room);
            });
            socket.On("chat message", async (string room, string text) => await io.To(room).EmitAsync("chat message", text));
        });
        app.Run();
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task TwoNodesOfANewProject_Chat()
    {
        using var project = new NewWebProject();
        await project.BuildAsync(
            packages, Program, "OrleansRooms.AdapterClient", "OrleansRooms.Emitter", "OrleansRooms.Grains", "OrleansRooms.Hosting",
            "OrleansRooms.MessagePack");
        var ports = FreePorts.Take(4);
        await using var first = project.Start(
            "--urls", "http://127.0.0.1:0", "--Rooms:SiloPort", $"{ports[0]}", "--Rooms:GatewayPort", $"{ports[1]}");
        var firstUrl = await UrlAsync(first);
        await using var second = project.Start(
            "--urls", "http://127.0.0.1:0", "--Rooms:SiloPort", $"{ports[2]}", "--Rooms:GatewayPort", $"{ports[3]}",
            "--Rooms:PrimaryEndpoint", $"127.0.0.1:{ports[0]}");
        var secondUrl = await UrlAsync(second);
        await using var clients = JsClients.Start();
        var ann = await clients.ConnectAsync(firstUrl);
        var bob = await clients.ConnectAsync(secondUrl, new { transports = new[] { "websocket" } });

        Assert.Equal(1, (await ann.EmitWithAckAsync("join", "lobby")).GetInt32());
        Assert.Equal(2, (await bob.EmitWithAckAsync("join", "lobby")).GetInt32());
        await ann.EmitAsync("chat message", "lobby", "hello from the first");
        Assert.Equal("hello from the first", (await bob.NextAsync("chat message")).Get<string>());
        await bob.EmitAsync("chat message", "lobby", "hello from the second");
        Assert.Equal(
            "hello from the second", (await ann.NextAsync("chat message", e => e.Get<string>() != "hello from the first")).Get<string>());
    }

    private static async Task<string> UrlAsync(RunningProcess node)
    {
        var line = await node.NextLineAsync("Now listening on: ", Patience);
        await node.NextLineAsync("Application started", Patience);
        return line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();
    }
}
