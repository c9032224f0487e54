using System.Globalization;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task BroadcastWithAck_SocketsOnEveryNode_GathersEveryAnswer()
    {
        var sockets = await ConnectOneEachAsync("r");
        for (var i = 0; i < 3; i++)
        {
            var answer = Packets.Ack($"[{i}]");
            sockets[i].Answer = _ => answer;
        }

        var (result, answers) = await AskAsync(0, To("r"), Patience);

        Assert.Equal(["[0]", "[1]", "[2]"], answers);
        Assert.Equal((3, 3), (result.Expected, result.Received));
        Assert.True(result.IsComplete);
        foreach (var socket in sockets) Assert.Equal(0, socket.ExpectedAcks);
    }

    [Fact]
    public async Task BroadcastWithAck_BinaryBothWays_KeepsAttachments()
    {
        var sockets = await ConnectOneEachAsync();
        foreach (var socket in sockets)
        {
            socket.Answer = asked => Packets.Ack("""[{"_placeholder":true,"num":0}]""", [.. asked.Attachments[0].ToArray(), 9]);
        }

        var (result, answers) = await AskAsync(0, All, Patience, Packets.Event("""["e",{"_placeholder":true,"num":0}]""", [7, 8]));

        Assert.True(result.IsComplete);
        Assert.Equal(Enumerable.Repeat("""[{"_placeholder":true,"num":0}]+070809""", 3), answers);
    }

    [Fact]
    public async Task BroadcastWithAck_NobodyThere_CompletesAtOnce()
    {
        await ConnectOneEachAsync();
        var (result, answers) = await AskAsync(0, To("unknown"), Timeout.InfiniteTimeSpan);

        Assert.Empty(answers);
        Assert.Equal((0, 0), (result.Expected, result.Received));
        Assert.True(result.IsComplete);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task BroadcastWithAck_OneSocketNearOrFar_GivesItsAnswer(int node)
    {
        var sockets = await ConnectOneEachAsync();
        sockets[node].Answer = _ => Packets.Ack("""["me"]""");
        var (result, answers) = await AskAsync(0, To(sockets[node].Id), Patience);

        Assert.Equal(["""["me"]"""], answers);
        Assert.Equal((1, 1), (result.Expected, result.Received));
    }

    [Fact]
    public async Task BroadcastWithAck_SilentSocket_GivesTheOthersWhenTimeIsUp()
    {
        var sockets = await ConnectOneEachAsync();
        sockets[0].Answer = _ => Packets.Ack("[0]");
        sockets[1].Answer = _ => Packets.Ack("[1]");
        var (result, answers) = await LongEnoughAsync(
            timeout => AskAsync(0, All, timeout), asked => asked.Result is { Expected: 3, Received: 2 });

        Assert.Equal(["[0]", "[1]"], answers);
        Assert.Equal((3, 2), (result.Expected, result.Received));
        Assert.Empty(result.MissingNodes);
        await EventuallyAsync(0, () => new(sockets[2].ExpectedAcks));
    }

    [Fact]
    public async Task BroadcastWithAck_SocketThatDisconnects_IsNotWaitedFor()
    {
        var sockets = await ConnectOneEachAsync();
        sockets[0].Answer = _ => Packets.Ack("[0]");
        sockets[1].Answer = _ => Packets.Ack("[1]");
        sockets[2].Outgoing = _ => { };
        var asked = AskAsync(0, All, Timeout.InfiniteTimeSpan);
        await sockets[2].WaitForLogAsync(log => log.Length == 1, "the event");
        sockets[2].Disconnect(close: false);
        var (result, answers) = await asked;

        Assert.Equal(["[0]", "[1]"], answers);
        Assert.Equal((3, 2, 1), (result.Expected, result.Received, result.Gone));
    }

    [Fact]
    public async Task BroadcastWithAck_WhoAskedCannotTakeAnAnswer_IsTheOnlyOneToHear()
    {
        var sockets = await ConnectOneEachAsync("r");
        foreach (var socket in sockets) socket.Outgoing = _ => { };
        var asked = Scene[0].Adapter.BroadcastWithAckAsync(
            Packets.Event("""["e"]"""), To("r") with { Timeout = Patience }, static _ => throw new FormatException("No ticket.")).AsTask();
        foreach (var socket in sockets)
        {
            var log = await socket.WaitForLogAsync(log => log.Length == 1, "the event");
            // Would throw here, where its client's packets are read.
            socket.Acknowledge(AckIdOf(log[0]), Packets.Ack("[1]"));
        }

        await Assert.ThrowsAsync<FormatException>(() => asked.WaitAsync(Patience));
        await Scene.BarrierAsync(0);
        foreach (var socket in sockets) Assert.Equal(0, socket.ExpectedAcks);
    }

    [Fact]
    public async Task BroadcastWithAck_Local_AsksOnlyThisNode()
    {
        var here = await Scene[0].ConnectAsync("r");
        if (Nodes.Count > 1) await Scene[1].ConnectAsync("r");
        here.Answer = _ => Packets.Ack("[0]");
        var (result, answers) = await AskAsync(0, To("r").With(BroadcastFlags.Local), Patience);

        Assert.Equal(["[0]"], answers);
        Assert.Equal(1, result.Expected);
    }

    [Fact]
    public async Task BroadcastWithAck_Cancelled_StopsWaiting()
    {
        var socket = await Scene[1].ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var asked = Scene[0].Adapter.BroadcastWithAckAsync(
            Packets.Event("""["e"]"""), All with { Timeout = Timeout.InfiniteTimeSpan }, static _ => { }, cancellation.Token).AsTask();
        await socket.WaitForLogAsync(log => log.Length == 1, "the event");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(Patience));
    }

    // Of 42/namespace,7["e"].
    private static long AckIdOf(string wire)
    {
        var digits = wire[(wire.IndexOf(',', StringComparison.Ordinal) + 1)..wire.IndexOf('[', StringComparison.Ordinal)];
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>Does something with ever more time, until it was enough for those who do answer, or must have been.</summary>
    private static async Task<T> LongEnoughAsync<T>(Func<TimeSpan, Task<T>> ask, Func<T, bool> wasEnough)
    {
        for (var timeout = TimeSpan.FromMilliseconds(250); ; timeout *= 2)
        {
            try
            {
                var answer = await ask(timeout);
                if (wasEnough(answer) || timeout > Patience / 4) return answer;
            }
            catch (ClusterUnavailableException) when (timeout <= Patience / 4)
            {
                // It was not even enough to find out who is to be asked.
            }
        }
    }

    private async Task<(BroadcastAckResult Result, string[] Answers)> AskAsync(
        int node, BroadcastOptions options, TimeSpan timeout, Packet? packet = null)
    {
        var answers = new List<string>();
        var result = await Scene[node].Adapter
            .BroadcastWithAckAsync(
                packet ?? Packets.Event("""["ask"]"""), options with { Timeout = timeout }, ack => answers.Add(Packets.Text(ack)))
            .AsTask().WaitAsync(Patience);
        return (result, [.. answers.Order(StringComparer.Ordinal)]);
    }
}
