using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// A front-end is restarted while its client and those of another talk in a room. Those of the other stay connected and hear each other without a gap, and
/// everything that the leaving node took from its client; its client hears everything up to its disconnection, and from when it is back.
/// </summary>
internal sealed class Departure
{
    private const int Before = 20;
    private const int After = 10;

    private readonly ProcessCluster _cluster;
    private readonly string _room;
    private readonly NodeUnderTest _staying;
    private readonly NodeClient _speaker;
    private readonly NodeClient _listener;
    private readonly NodeClient _leaver;
    private int _said;

    private Departure(ProcessCluster cluster, string room, NodeClient speaker, NodeClient listener, NodeClient leaver)
    {
        (_cluster, _room, _speaker, _listener, _leaver) = (cluster, room, speaker, listener, leaver);
        _staying = speaker.Node;
    }

    public static async Task OfAsync(ProcessCluster cluster, NodeUnderTest leaving)
    {
        var room = cluster.NewName("room");
        var staying = cluster.Nodes.First(node => node != leaving);
        var departure = new Departure(
            cluster, room, await cluster.JoinAsync(staying, room), await cluster.JoinAsync(staying, room), await cluster.JoinAsync(leaving, room));
        await departure._speaker.AskUntilAsync<int>(size => size == 3, "size", room);
        await departure.RunAsync(leaving);
    }

    private async Task RunAsync(NodeUnderTest leaving)
    {
        using var isEnough = new CancellationTokenSource();
        var talking = TalkAsync(isEnough.Token);
        var taken = SayUntilDisconnectedAsync(_leaver);
        await SaidAsync(Before, talking);

        var successor = await _cluster.RestartNodeAsync(leaving);
        Assert.DoesNotContain("could not say goodbye", leaving.Process.Output, StringComparison.Ordinal);
        await _speaker.AskUntilAsync<int>(size => size == 2, "size", _room);
        var returned = await _cluster.JoinAsync(successor, _room);
        var from = Volatile.Read(ref _said) + 1;
        await SaidAsync(After, talking);
        await isEnough.CancelAsync();
        await talking;

        // Nothing between those who stayed.
        Assert.All(new[] { _speaker, _listener }, stayed => Assert.DoesNotContain(stayed.Js.Waiting, e => e.Name == "disconnect"));
        await HeardWholeAsync(_listener, _staying, 1, _said);
        await HeardWholeAsync(_speaker, _staying, 1, _said);
        // Nothing that the one who left had said, once its node had taken it.
        await HeardWholeAsync(_listener, leaving, 1, await taken);
        // Nothing from the moment it was back, nor before it went.
        await HeardWholeAsync(returned, _staying, from, _said);
        var beforeItWent = _leaver.Heard(_staying, _room).Select(int.Parse).ToArray();
        Assert.Equal(Enumerable.Range(1, beforeItWent.Length), beforeItWent);
        Assert.True(beforeItWent.Length >= Before);
        await Task.WhenAll(_speaker.Js.DisconnectAsync(), _listener.Js.DisconnectAsync(), returned.Js.DisconnectAsync());
    }

    private async Task HeardWholeAsync(NodeClient by, NodeUnderTest speaker, int from, int last)
    {
        await by.UntilHeardAsync(speaker, _room, $"{last}");
        Assert.Equal(Enumerable.Range(from, last - from + 1), by.Heard(speaker, _room).Select(int.Parse).SkipWhile(number => number < from).TakeWhile(number => number <= last));
    }

    private async Task TalkAsync(CancellationToken isEnough)
    {
        while (!isEnough.IsCancellationRequested)
        {
            await _speaker.AskAsync<object>("say", _room, $"{_said + 1}", 1);
            Interlocked.Increment(ref _said);
            await PauseAsync();
        }
    }

    private async Task SaidAsync(int times, Task talking)
    {
        var goal = Volatile.Read(ref _said) + times;
        while (Volatile.Read(ref _said) < goal)
        {
            Assert.False(talking.IsFaulted, talking.Exception?.ToString());
            await PauseAsync();
        }
    }

    // Returns the last number to which the node answered: what it had not answered when it went, it may not have read.
    private async Task<int> SayUntilDisconnectedAsync(NodeClient client)
    {
        var disconnected = client.Js.NextAsync("disconnect", timeout: TimeSpan.FromMinutes(2));
        for (var number = 1; ; number++)
        {
            var answer = client.AskAsync<object>("say", _room, $"{number}", 1);
            await Task.WhenAny(answer, disconnected);
            if (!answer.IsCompletedSuccessfully)
            {
                _ = answer.ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
                await disconnected;
                return number - 1;
            }

            await PauseAsync();
        }
    }

    private static Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
}
