using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>samples/Worker beside samples/Chat, as its README says.</summary>
[Collection(ChatCluster.Collection)]
public sealed class WorkerTests(ChatCluster cluster)
{
    [Fact]
    public async Task Worker_WritesIntoTheRoomOnEveryNode()
    {
        var room = cluster.NewRoom();
        await using var worker = Programs.Start(
            ["samples", "Worker"], "OrleansRooms.Samples.Worker",
            "--Rooms:GatewayPort", $"{cluster.GatewayPort}", "--NewsDesk:Room", room, "--NewsDesk:Every", "00:00:00.2");
        var first = await cluster.JoinAsync(cluster.First, room, "ada");
        var second = await cluster.JoinAsync(cluster.Second, room, "bob");

        foreach (var client in new[] { first, second })
        {
            var message = await client.NextAsync("message", e => e.Args[0].GetProperty("text").GetString() == "2 in here");
            Assert.Equal("worker", message.Args[0].GetProperty("node").GetString());
        }
    }
}
