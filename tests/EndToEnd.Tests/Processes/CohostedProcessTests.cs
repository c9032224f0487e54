using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// Nodes with a silo in their own process: when one is killed, a node, a silo and the owners of rooms in it die together.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class CohostedProcessTests(ProcessCluster cluster)
{
    private const int Rooms = 8;

    [RedisFact]
    public async Task KilledCohostedNode_TakesItsOwnSocketsWithItAndNothingElse()
    {
        await using var survivor = await cluster.StartCohostedNodeAsync();
        await using var victim = await cluster.StartCohostedNodeAsync();
        var room = cluster.NewName("room");
        var near = await cluster.JoinAsync(cluster.Nodes[0], room);
        var beside = await cluster.JoinAsync(survivor, room);
        var gone = await cluster.JoinAsync(victim, room);
        await near.AskUntilAsync<int>(size => size == 3, "size", room);
        await gone.AskAsync<object>("say", room, "hello", 1);
        await near.SaidAsync(victim, "hello");
        await beside.SaidAsync(victim, "hello");
        var conversation = await Conversation.BeginAsync(cluster, Rooms);
        await conversation.SaidByAllAsync(times: 3);

        victim.Process.Signal(ProcessSignal.Kill);
        await gone.Js.NextAsync("disconnect");
        await near.AskAsync<object>("say", room, "who is there?", 3);
        for (var i = 1; i <= 3; i++) await beside.SaidAsync(near.Node, $"who is there? {i}");
        await conversation.GoesOnAsync();
        await near.AskUntilAsync<int>(size => size == 2, "size", room);
        await beside.AskUntilAsync<int>(size => size == 2, "size", room);
        await near.AskUntilAsync<int>(size => size == 0, "size", gone.Id);
        await near.AskUntilAsync<int>(servers => servers == 4, "servers");
        var fetched = await near.AskUntilAsync<string[]>(found => found.Length == 2, "fetch", room, 10_000);
        Assert.Equal(new[] { near.Id, beside.Id }.Order(), fetched.Order());
        await conversation.EndAsync();
        Assert.DoesNotContain(near.Js.Waiting.Concat(beside.Js.Waiting), e => e.Name == "disconnect");

        // As a deployment does it, so that what follows finds a cluster at rest.
        survivor.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await survivor.Process.WaitForExitAsync());
        await near.AskUntilAsync<int>(size => size == 1, "size", room);
    }
}
