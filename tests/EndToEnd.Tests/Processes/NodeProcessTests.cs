using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>G5 with processes that are killed, frozen and asked to go, seen by stock clients of the nodes that stay.</summary>
[Collection(ProcessTests.Name)]
public sealed class NodeProcessTests(ProcessCluster cluster)
{
    // The silos' default, and what it takes to ask by way of three processes.
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    [RedisFact]
    [Trait("Behaviour", "98")]
    public async Task G5_KilledNode_IsGoneWithinTheTimeoutAndNobodyWaitsForIt()
    {
        var room = cluster.NewName("room");
        await using var victim = await cluster.StartNodeAsync();
        var near = await cluster.JoinAsync(cluster.Nodes[0], room);
        var gone = await cluster.JoinAsync(victim, room);
        var others = await Task.WhenAll(cluster.Nodes.Skip(1).Select(node => cluster.JoinAsync(node)));
        await near.SizeIsAsync(room, 2);
        // Those of other tests that are dead by now have to be gone first, and what nodes say of their counts has to have come.
        await near.AskUntilAsync<int>(servers => servers == 4, "servers");
        var sockets = (await Task.WhenAll(others.Append(near).Select(client => client.AskAsync<int>("here")))).Sum();
        await near.AskUntilAsync<int>(count => count == sockets + 1, "count");

        // Frozen, so that the requests are on their way to it and wait, without any limit of their own.
        victim.Process.Signal(ProcessSignal.Stop);
        using var stalls = new Stalls();
        var start = TimeProvider.System.GetTimestamp();
        var fetching = near.AskAsync<string[]>("fetch", room, 0);
        var voting = near.AskAsync<string[]>("vote", room, 0);
        var asking = near.AskAsync<string[]>("who", 0);
        await (await near.Js.NextAsync("vote")).AckAsync("yes");
        victim.Process.Signal(ProcessSignal.Kill);
        await Task.WhenAll(fetching, voting, asking, near.SizeIsAsync(room, 1));
        var elapsed = TimeProvider.System.GetElapsedTime(start);

        Assert.Equal([near.Id], await fetching);
        Assert.Equal(["yes"], await voting);
        Assert.Equal(cluster.Nodes.Skip(1).Select(node => node.Name).Order(), (await asking).Order());
        Assert.Equal(1, await near.AskAsync<int>("size", room));
        Assert.Equal(0, await near.AskAsync<int>("size", gone.Id));
        Assert.Equal(3, await near.AskAsync<int>("servers"));
        Assert.Equal(sockets, await near.AskAsync<int>("count"));
        // Timers of the silos, the nodes and this test are late one after the other on a machine that is busy with something else.
        Assert.True(
            elapsed < NodeTimeout + Slack + (2 * stalls.Total), $"It took {elapsed}, of which the machine stood still for {stalls.Total}.");
        await gone.Js.NextAsync("disconnect");
    }

    [RedisFact]
    public async Task FrozenNode_FindsItselfFencedAndItsClientsAreInTheirRoomsAgain()
    {
        var room = cluster.NewName("room");
        await using var frozen = await cluster.StartNodeAsync();
        var near = await cluster.JoinAsync(cluster.Nodes[0], room);
        var far = await cluster.JoinAsync(frozen, room);
        await near.SizeIsAsync(room, 2);

        frozen.Process.Signal(ProcessSignal.Stop);
        await near.SizeIsAsync(room, 1);
        await near.AskUntilAsync<int>(servers => servers == 3, "servers");
        frozen.Process.Signal(ProcessSignal.Continue);

        // Under a new epoch, with all that it holds.
        await frozen.Process.NextLineAsync("This process is node");
        await near.SizeIsAsync(room, 2);
        await near.AskUntilAsync<int>(servers => servers == 4, "servers");
        await near.AskAsync<object>("say", room, "welcome back", 3);
        await near.AskAsync<string[]>("who", 10_000);
        await far.AskAsync<object>("say", room, "here again", 3);

        for (var i = 1; i <= 3; i++)
        {
            await far.SaidAsync(near.Node, $"welcome back {i}");
            await near.SaidAsync(frozen, $"here again {i}");
        }

        Assert.Equal(new[] { near.Id, far.Id }.Order(), (await near.AskAsync<string[]>("fetch", room, 10_000)).Order());
        Assert.DoesNotContain(far.Js.Waiting, e => e.Name is "disconnect");
        Assert.DoesNotContain(near.Js.Waiting, e => e.Name is "disconnect");
    }

    [RedisFact]
    public async Task NodeThatIsAskedToGo_SaysGoodbye()
    {
        var room = cluster.NewName("room");
        await using var leaving = await cluster.StartNodeAsync();
        var near = await cluster.JoinAsync(cluster.Nodes[0], room);
        var far = await cluster.JoinAsync(leaving, room);
        await near.SizeIsAsync(room, 2);

        leaving.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await leaving.Process.WaitForExitAsync());

        // It said goodbye, so that nobody waits for its lease to end.
        Assert.DoesNotContain("could not say goodbye", leaving.Process.Output, StringComparison.Ordinal);
        await near.SizeIsAsync(room, 1);
        await near.AskUntilAsync<int>(servers => servers == 3, "servers");
        Assert.Equal([near.Id], await near.AskAsync<string[]>("fetch", room, 10_000));
        Assert.Equal("transport close", (await far.Js.NextAsync("disconnect")).Get<string>());
    }

    [RedisFact]
    public async Task NodeThatComesBackUnderItsName_InheritsNothing()
    {
        var room = cluster.NewName("room");
        var near = await cluster.JoinAsync(cluster.Nodes[0], room);
        var former = await cluster.StartNodeAsync();
        await cluster.JoinAsync(former, room);
        await near.SizeIsAsync(room, 2);
        former.Process.Signal(ProcessSignal.Kill);
        await former.DisposeAsync();

        await using var again = await cluster.StartNodeAsync(former.Name);
        await near.SizeIsAsync(room, 1);
        var far = await cluster.JoinAsync(again, room);

        Assert.Equal(2, await near.AskAsync<int>("size", room));
        await near.AskUntilAsync<int>(servers => servers == 4, "servers");
        Assert.Equal(new[] { near.Id, far.Id }.Order(), (await near.AskAsync<string[]>("fetch", room, 10_000)).Order());
    }
}
