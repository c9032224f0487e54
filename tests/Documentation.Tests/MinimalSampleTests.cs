using OrleansRooms.TestKit;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Documentation.Tests;

public sealed class MinimalSampleTests
{
    [Fact]
    public async Task Sample_ServesStockClients()
    {
        await using var server = Start("--urls", "http://127.0.0.1:0");
        var url = (await server.NextLineAsync("Now listening on:")).Split("Now listening on:")[1].Trim();
        await using var clients = JsClients.Start();
        var alice = await clients.ConnectAsync(url);
        var bob = await clients.ConnectAsync(url, new { transports = new[] { "websocket" } });

        await alice.EmitAsync("chat message", "hello");

        var id = (await alice.StateAsync()).Id;
        foreach (var client in new[] { alice, bob })
        {
            var message = await client.NextAsync("chat message");
            Assert.Equal([id, "hello"], message.Args.Select(arg => arg.GetString()));
        }

        server.Signal(ProcessSignal.Terminate);
        Assert.Equal("transport close", (await bob.NextAsync("disconnect")).Get<string>());
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    /// <summary>Whether port 3000 is free or not, the server says that it is the one it wants.</summary>
    [Fact]
    public async Task Sample_UnlessToldOtherwise_WantsPort3000()
    {
        await using var server = Start();

        await server.NextLineAsync(":3000");
    }

    [Fact]
    public void Sample_IsAsShortAsPromised() =>
        Assert.InRange(File.ReadLines(RepositoryRoot.Combine("samples/Minimal/Program.cs")).Count(), 1, 14);

    private static RunningProcess Start(params string[] args) =>
        Programs.Start(["samples", "Minimal"], "OrleansRooms.Samples.Minimal", args);
}
