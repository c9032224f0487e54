using System.Collections.Concurrent;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task ServerSideEmit_FromOneNode_ReachesTheOthersInOrder()
    {
        var heard = new ConcurrentQueue<string>();
        for (var i = 0; i < Scene.Nodes.Count; i++)
        {
            var node = i;
            Scene[i].ServerSideHandler = (packet, respond) =>
            {
                Assert.Null(respond);
                heard.Enqueue($"{node} {Packets.Text(packet)}");
            };
        }

        await Scene[0].Adapter.ServerSideEmitAsync(Packets.Event("""["e",1]"""));
        await Scene[0].Adapter.ServerSideEmitAsync(Packets.Event("""["e",{"_placeholder":true,"num":0}]""", [5]));
        var others = Enumerable.Range(1, Scene.Nodes.Count - 1);
        await EventuallyAsync(2 * (Scene.Nodes.Count - 1), () => new(heard.Count));

        foreach (var other in others)
        {
            Assert.Equal(
                [$"""{other} ["e",1]""", $$"""{{other}} ["e",{"_placeholder":true,"num":0}]+05"""],
                heard.Where(entry => entry.StartsWith($"{other} ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task ServerSideEmitWithAck_OtherNodesAnswer_GathersOneAnswerEach()
    {
        Scene[0].ServerSideHandler = (_, respond) => respond?.Invoke(Packets.Ack("""["myself"]"""));
        for (var i = 1; i < Scene.Nodes.Count; i++)
        {
            var answer = Packets.Ack($"[{i}]");
            Scene[i].ServerSideHandler = (_, respond) =>
            {
                respond!(answer);
                respond!(Packets.Ack("""["twice"]"""));
            };
        }

        var result = await Scene[0].Adapter.ServerSideEmitWithAckAsync(Packets.Event("""["e"]"""), Patience).AsTask().WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(1, Scene.Nodes.Count - 1).Select(i => $"[{i}]"), result.Responses.Select(Packets.Text).Order());
        Assert.Empty(result.MissingNodes);
    }

    [Fact]
    public async Task ServerSideEmitWithAck_SilentNode_IsNamedWhenTimeIsUp()
    {
        for (var i = 1; i < Scene.Nodes.Count - 1; i++) Scene[i].ServerSideHandler = (_, respond) => respond!(Packets.Ack("[1]"));
        var result = await LongEnoughAsync(
            timeout => Scene[0].Adapter.ServerSideEmitWithAckAsync(Packets.Event("""["e"]"""), timeout).AsTask().WaitAsync(Patience),
            asked => asked.MissingNodes.Length <= 1);

        Assert.Equal(Math.Max(0, Scene.Nodes.Count - 2), result.Responses.Length);
        Assert.Equal(Math.Min(1, Scene.Nodes.Count - 1), result.MissingNodes.Length);
    }

    [Fact]
    public async Task ServerSideEmit_HandlerThatThrows_DisturbsNobody()
    {
        var heard = 0;
        for (var i = 1; i < Scene.Nodes.Count; i++)
        {
            Scene[i].ServerSideHandler = (_, _) =>
            {
                Interlocked.Increment(ref heard);
                throw new InvalidOperationException("A handler's own trouble.");
            };
        }

        await Scene[0].Adapter.ServerSideEmitAsync(Packets.Event("""["e"]"""));
        await Scene[0].Adapter.ServerSideEmitAsync(Packets.Event("""["e"]"""));
        await EventuallyAsync(2 * (Scene.Nodes.Count - 1), () => new(Volatile.Read(ref heard)));
    }

    [Fact]
    public async Task ServerCount_NamespaceOnAllNodes_CountsThem()
    {
        for (var i = 0; i < Scene.Nodes.Count; i++) Assert.Equal(Nodes.Count, await Scene[i].Adapter.ServerCountAsync());
    }

    [Fact]
    public async Task ServerCount_NamespaceOnOneNode_IsOne()
    {
        await using var alone = await AdapterScene.OpenAsync($"{Scene.Name}-alone", [Nodes[^1]]);
        Assert.Equal(1, await alone[0].Adapter.ServerCountAsync());
        var result = await alone[0].Adapter.ServerSideEmitWithAckAsync(Packets.Event("""["e"]"""), Timeout.InfiniteTimeSpan)
            .AsTask().WaitAsync(Patience);
        Assert.Empty(result.Responses);
    }

    [Fact]
    public async Task Node_ThatStops_IsNoLongerCountedNorWaitedFor()
    {
        if (await StartNodeAsync() is not { } node) return;
        await using var _ = node;
        var leaving = await Scene.AddAsync(node);
        var staying = await Scene[0].ConnectAsync("r");
        await leaving.ConnectAsync("r");
        Assert.Equal(2, await Scene[0].Adapter.RoomSizeAsync("r"));
        Assert.Equal(Nodes.Count + 1, await Scene[0].Adapter.ServerCountAsync());
        for (var i = 1; i < Nodes.Count; i++) Scene[i].ServerSideHandler = (_, respond) => respond!(Packets.Ack("[1]"));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        leaving.ServerSideHandler = (_, _) => asked.SetResult();
        var answered = Scene[0].Adapter.ServerSideEmitWithAckAsync(Packets.Event("""["e"]"""), Timeout.InfiniteTimeSpan).AsTask();
        await asked.Task.WaitAsync(Patience);

        Scene.Remove(leaving);
        await leaving.DisposeAsync();
        await node.StopAsync();

        var result = await answered.WaitAsync(Patience);
        Assert.Equal(Nodes.Count - 1, result.Responses.Length);
        Assert.Empty(result.MissingNodes);
        await EventuallyAsync(Nodes.Count, () => Scene[0].Adapter.ServerCountAsync());
        await EventuallyAsync(1, () => Scene[0].Adapter.RoomSizeAsync("r"));
        Assert.Equal(staying.Id, Assert.Single((await Scene[0].Adapter.FetchSocketsAsync(To("r"))).Sockets).Id);
    }
}
