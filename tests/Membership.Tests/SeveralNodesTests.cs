using OrleansRooms.Grains.Tests;
using OrleansRooms.Messaging.Queries;

namespace OrleansRooms.Membership.Tests;

/// <summary>Several nodes in one process, on one cluster client, with sockets that no server holds.</summary>
public sealed class SeveralNodesTests : IAsyncLifetime, IDisposable
{
    private const string Room = "r";

    private readonly TestNodes _nodes = new();
    private readonly List<HeldSockets> _opened = [];
    private RoomsCluster _cluster = null!;

    public async Task InitializeAsync() =>
        _cluster = await RoomsCluster.StartAsync(1, options => options.NodeTimeout = TimeSpan.FromSeconds(5));

    public async Task DisposeAsync()
    {
        foreach (var sockets in _opened)
        {
            await sockets.Node.KillAsync();
            await sockets.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    public void Dispose() => _nodes.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeThatIsKilled_TakesItsMembersWithIt_AndTheOthersOfTheProcessStay(bool inASilo)
    {
        var client = inASilo ? _cluster.ClientOf(0) : _cluster.Client;
        var (near, dead) = (await StartAsync("near", client), await StartAsync("dead", client));
        await near.AddAsync("n1", Room);
        await near.AddAsync("n2", Room);
        await dead.AddAsync("d1", Room);
        Assert.Equal(["d1@dead", "n1@near", "n2@near"], await MembersAsync(near));
        dead.Send(Room, [1]);
        Assert.Equal([1], await near.NextAsync());
        near.Send(Room, [2]);
        Assert.Equal([2], await dead.NextAsync());
        var run = near.Node.CurrentRun;

        await dead.Node.KillAsync();

        // Asked again and again, because the members of the node that lives may at no time be gone.
        using var patience = new CancellationTokenSource(RoomsCluster.Patience);
        while (await MembersAsync(near) is var members && !members.SequenceEqual(["n1@near", "n2@near"]))
        {
            Assert.Equal(["d1@dead", "n1@near", "n2@near"], members);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        Assert.Same(run, near.Node.CurrentRun);
        Assert.Equal("near", Assert.Single(await QueriesOf(near).NodesAsync()).Node.Id);

        // What the node lives by is its own: it goes on hearing others, a new one of the process among them.
        var late = await StartAsync("late", client);
        late.Send(Room, [3]);
        Assert.Equal([3], await near.NextAsync());
    }

    private static DirectoryQueries QueriesOf(HeldSockets sockets) => new(sockets.Node.Participant, sockets.Namespace);

    private static async Task<string[]> MembersAsync(HeldSockets sockets) =>
        (await QueriesOf(sockets).RoomMembersAsync(Room).AsTask().WaitAsync(RoomsCluster.Patience)).Ordered();

    private async Task<HeldSockets> StartAsync(string id, IClusterClient client)
    {
        var sockets = await HeldSockets.OpenAsync(_nodes.Create(id, client, TimeProvider.System));
        _opened.Add(sockets);
        return sockets;
    }
}
