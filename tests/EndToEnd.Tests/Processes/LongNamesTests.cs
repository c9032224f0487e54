using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>A client whose rooms' names have more bytes together than one message of Orleans may carry, in one shard: nobody else
/// notices.</summary>
[Collection(ProcessTests.Name)]
public sealed class LongNamesTests(ProcessCluster cluster)
{
    private const int Rooms = 115;
    private const int Bytes = 980_000;

    // Less than after what a join goes on without the cluster.
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(3);

    [RedisFact]
    public async Task LongNamesInOneShard_LeaveTheOthersAndTheClusterAlone()
    {
        var room = cluster.NewName("room");
        await using var node = await NodeUnderTest.StartAsync(
            cluster.NewName("node"), [.. cluster.Rooms, "--SocketIO:MaxRoomNameBytes", $"{Bytes}"]);
        var far = await cluster.JoinAsync(cluster.Nodes[0]);
        var bystander = await cluster.JoinAsync(node, room);
        var rude = await cluster.JoinAsync(node);
        var said = 0;
        var near = 20;
        using var isEnough = new CancellationTokenSource();
        var talking = TalkAsync();

        await rude.AskAsync<object>("joinLong", room, Rooms, Bytes);
        await rude.AskAsync<object>("leaveLong", room, Rooms, Bytes);
        var joining = rude.AskAsync<object>("joinLong", room, Rooms, Bytes);
        await JoinNearAsync();
        await joining;
        Assert.Equal(Rooms, await rude.AskUntilAsync<int>(known => known == Rooms, "knownLong", room, Rooms, Bytes));
        await QuickAsync(JoinNearAsync);

        await rude.AskAsync<object>("leaveLong", room, Rooms, Bytes);
        joining = rude.AskAsync<object>("joinLong", room, Rooms, Bytes);
        await cluster.KillSiloAsync(cluster.SiloAt(await far.AskAsync<int>("owner", room)));
        await joining;
        Assert.Equal(Rooms, await rude.AskUntilAsync<int>(known => known == Rooms, "knownLong", room, Rooms, Bytes));
        await QuickAsync(JoinNearAsync);
        await cluster.StartSiloAsync();

        await isEnough.CancelAsync();
        await talking;
        await bystander.SaidAsync(far.Node, $"{said}");
        Assert.Equal(Enumerable.Range(1, said - 1).Select(number => $"{number}"), bystander.Heard(far.Node, room));
        Assert.Equal(1, node.Process.Output.Split("This process is node").Length - 1);
        await Task.WhenAll(far.Js.DisconnectAsync(), bystander.Js.DisconnectAsync(), rude.Js.DisconnectAsync());

        async Task TalkAsync()
        {
            while (!isEnough.IsCancellationRequested)
            {
                await far.AskAsync<object>("say", room, $"{++said}", 1);
                await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
            }
        }

        // Into a room that the node is new in, which waits for the owner.
        async Task JoinNearAsync() => await bystander.AskAsync<object>("joinLong", room, 1, ++near);
    }

    private static async Task QuickAsync(Func<Task> join)
    {
        using var stalls = new Stalls();
        var since = TimeProvider.System.GetTimestamp();
        await join();
        var elapsed = TimeProvider.System.GetElapsedTime(since);
        Assert.True(elapsed < Quick + (2 * stalls.Total), $"The join took {elapsed}, of which the machine stood still for {stalls.Total}.");
    }
}
