using System.Collections;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Questions to other nodes that go wrong: whoever asked hears it, nobody else does, and nothing is left behind.</summary>
[Collection(ThreeSilosTests.Name)]
public sealed class QuestionTests(ClientsOfThreeSilos cluster) : IAsyncLifetime
{
    private AdapterScene _scene = null!;

    private HostedNode Asking => (HostedNode)cluster.Nodes[0];

    private NamespaceRooms Adapter => _scene[0].Adapter;

    public async Task InitializeAsync() => _scene = await AdapterScene.OpenAsync($"/questions-{Guid.NewGuid():N}", cluster.Nodes);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task QuestionThatFailsBeforeItIsAsked_IsNotPending()
    {
        var socket = await _scene[0].ConnectAsync("r");
        socket.Data = "no json";
        await Assert.ThrowsAnyAsync<Exception>(() => Adapter.FetchSocketsAsync(BroadcastOptions.All).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => Adapter.BroadcastWithAckAsync(null!, BroadcastOptions.All, static _ => { }).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => Adapter.ServerSideEmitWithAckAsync(null!, AdapterScene.Patience).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(async () => await Adapter.SocketsJoinAsync(BroadcastOptions.All, new RoomsThatFail()));

        socket.Data = "{}";
        Assert.Equal(0, Asking.Node.Requests.Count);
    }

    [Fact]
    public async Task QuestionWithoutALimit_IsForgottenElsewhereWhenWhoAskedWaitsNoLonger()
    {
        var socket = await _scene[1].ConnectAsync("r");
        using var cancellation = new CancellationTokenSource();
        var asked = Adapter.BroadcastWithAckAsync(
            Packets.Event("""["e"]"""), BroadcastOptions.All.To("r") with { Timeout = Timeout.InfiniteTimeSpan }, static _ => { },
            cancellation.Token).AsTask();
        await socket.WaitForLogAsync(log => log.Length == 1, "the event");
        await AdapterScene.UntilAsync(() => new(Open(1) == 1));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(AdapterScene.Patience));
        await AdapterScene.UntilAsync(() => new(Open(1) == 0 && socket.ExpectedAcks == 0));
    }

    [Fact]
    public async Task QuestionWithoutALimit_OfANodeThatDies_IsForgotten()
    {
        await using var asking = (HostedNode)await cluster.Silos.StartClientNodeAsync();
        var ns = await _scene.AddAsync(asking);
        var socket = await _scene[1].ConnectAsync("r");
        var asked = ns.Adapter.BroadcastWithAckAsync(
            Packets.Event("""["e"]"""), BroadcastOptions.All.To("r") with { Timeout = Timeout.InfiniteTimeSpan }, static _ => { }).AsTask();
        await socket.WaitForLogAsync(log => log.Length == 1, "the event");
        await AdapterScene.UntilAsync(() => new(Open(1) == 1));
        _scene.Remove(ns);
        await asking.StopAsync();

        await AdapterScene.UntilAsync(() => new(Open(1) == 0 && socket.ExpectedAcks == 0));
        // Nothing more will come, and whoever asked knows it.
        await Task.WhenAny(asked).WaitAsync(AdapterScene.Patience);
        await ns.DisposeAsync();
    }

    [Fact]
    public async Task LargeDescriptions_OfManySocketsAndOfOne_ComeWhole()
    {
        var large = await _scene[1].ConnectAsync("large");
        large.Data = $"\"{new string('x', 3_000_000)}\"";
        var many = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _scene[1].ConnectAsync("many")));
        foreach (var socket in many) socket.Data = $"\"{new string('y', 100_000)}\"";

        var one = await Adapter.FetchSocketsAsync(BroadcastOptions.All.To("large") with { Timeout = AdapterScene.Patience });
        Assert.Equal(3_000_002, Assert.Single(one.Sockets).Data.GetRawText().Length);
        var all = await Adapter.FetchSocketsAsync(BroadcastOptions.All.To("many", "large") with { Timeout = AdapterScene.Patience });
        Assert.Equal(many.Append(large).Select(socket => socket.Id).Order(), all.Sockets.Select(socket => socket.Id).Order());
        Assert.Empty(all.MissingNodes);
        Assert.Equal((0, 0L), (Asking.Node.Requests.Count, Asking.Node.Requests.Bytes));
    }

    [Fact]
    public async Task QuestionThatANodeCannotAskItsSockets_FailsAtOnceForThatNode()
    {
        var socket = await _scene[1].ConnectAsync("r");
        socket.Data = "no json";
        var result = await Adapter.FetchSocketsAsync(BroadcastOptions.All.To("r") with { Timeout = Timeout.InfiniteTimeSpan })
            .AsTask().WaitAsync(AdapterScene.Patience);

        Assert.Equal([((HostedNode)cluster.Nodes[1]).Node.NodeId], result.MissingNodes.AsEnumerable());
        socket.Data = "{}";
    }

    private int Open(int node) => ((OrleansAdapter)((HostedNode)cluster.Nodes[node]).Node.Find(_scene.Name)!.Holder).OpenQuestions;

    private sealed class RoomsThatFail : IReadOnlyCollection<string>
    {
        public int Count => 1;

        public IEnumerator<string> GetEnumerator() => throw new NotSupportedException("No rooms today.");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
