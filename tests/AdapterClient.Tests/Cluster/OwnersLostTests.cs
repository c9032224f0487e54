using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// Calls to owners that were lost with their silos are answered by nobody. Whoever waits for one tries again as soon as the loss is known.
/// </summary>
public sealed class OwnersLostTests(ClientsOfOneSilo cluster) : IClassFixture<ClientsOfOneSilo>, IAsyncLifetime
{
    private readonly LostCall _lost = new();
    private AdapterScene _scene = null!;
    private HostedNode _node = null!;
    private TestNamespace _there = null!;

    public async Task InitializeAsync()
    {
        _scene = await AdapterScene.OpenAsync($"/lost-{Guid.NewGuid():N}", cluster.Nodes);
        // Longer than anybody waits here.
        _node = (HostedNode)await cluster.Silos.StartClientNodeAsync(
            options => options.CallTimeout = options.JoinTimeout = options.RequestTimeout = AdapterScene.Patience * 2, calls: _lost);
        _there = await _scene.AddAsync(_node);
    }

    public async Task DisposeAsync()
    {
        _lost.End();
        await _scene.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task QuestionWhereToSend_IsAskedAgain()
    {
        var far = await _scene[0].ConnectAsync("r");
        _lost.LoseNext(nameof(IRoomShardGrain.LeaseNodesAsync));
        await _there.Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r"));
        await _lost.HasLost.WaitAsync(AdapterScene.Patience);
        await _node.Node.Directory.ReportLossAsync("");
        await far.WaitForLogAsync(log => log.Contains($"42{_scene.Name},[\"e\"]"), "the event");
    }

    [Fact]
    public async Task Announcement_IsRepeated()
    {
        var socket = await _there.ConnectAsync();
        _lost.LoseNext(nameof(IRoomShardGrain.ApplyAsync));
        var joining = socket.JoinAsync("s").AsTask();
        await _lost.HasLost.WaitAsync(AdapterScene.Patience);
        await _node.Node.Directory.ReportLossAsync("");
        await joining.WaitAsync(AdapterScene.Patience);
        Assert.Equal(1, await _scene[0].Adapter.RoomSizeAsync("s"));
    }

    [Fact]
    public async Task Presence_IsRepeated()
    {
        _lost.LoseNext(nameof(INamespaceGrain.ApplyAsync));
        var opening = AdapterScene.OpenAsync($"/opened-{Guid.NewGuid():N}", [_node]);
        await _lost.HasLost.WaitAsync(AdapterScene.Patience);
        await _node.Node.Directory.ReportLossAsync("");
        await using var scene = await opening.WaitAsync(AdapterScene.Patience);
        Assert.Equal(1, await scene[0].Adapter.ServerCountAsync());
    }

    [Theory]
    [InlineData(nameof(IRoomShardGrain.GetSizeAsync))]
    [InlineData(nameof(IRoomShardGrain.ListAsync))]
    [InlineData(nameof(INamespaceGrain.GetNodesAsync))]
    public async Task Question_IsAskedAgain(string method)
    {
        await _scene[0].ConnectAsync("r");
        _lost.LoseNext(method);
        var asking = method switch
        {
            nameof(IRoomShardGrain.GetSizeAsync) => _there.Adapter.RoomSizeAsync("r").AsTask(),
            nameof(IRoomShardGrain.ListAsync) => RoomCountAsync(),
            _ => _there.Adapter.SocketCountAsync().AsTask(),
        };
        await _lost.HasLost.WaitAsync(AdapterScene.Patience);
        await _node.Node.Directory.ReportLossAsync("");
        Assert.Equal(1, await asking.WaitAsync(AdapterScene.Patience));

        async Task<int> RoomCountAsync() => (await _there.Adapter.RoomsAsync("", after: null, limit: 10)).Length;
    }

    private sealed class LostCall : IOutgoingGrainCallFilter
    {
        private readonly TaskCompletionSource _end = new();
        private readonly TaskCompletionSource _hasLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _method;

        /// <summary>Completes when the call has been made and gone nowhere.</summary>
        public Task HasLost => _hasLost.Task;

        public void LoseNext(string method) => Volatile.Write(ref _method, method);

        public void End() => _end.SetResult();

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (Volatile.Read(ref _method) is not { } method || method != context.MethodName
                || Interlocked.Exchange(ref _method, null) is null)
            {
                await context.Invoke();
                return;
            }

            _hasLost.SetResult();
            await _end.Task;
        }
    }
}
