namespace OrleansRooms.Emitter.Tests.Cluster;

/// <summary>G7 and G8 for emitters: what is emitted while the cluster is away waits within its bound, and nobody is kept or hurt.</summary>
public sealed class EmitterWithoutClusterTests
{
    [Fact]
    public void Emits_AreCompleteAtOnceAndWaitWithinTheBound()
    {
        using var scene = new EmitterWithoutCluster(options => options.MaxQueuedMessages = 10);

        for (var i = 0; i < 30; i++)
        {
            AssertComplete(scene.Emitter.To("room").EmitAsync("ev", i));
        }

        AssertComplete(scene.Emitter.ServerSideEmitAsync("ev"));
        AssertComplete(scene.Emitter.In("room").SocketsLeaveAsync("a"));
        AssertComplete(scene.Emitter.In("room").DisconnectSocketsAsync(true));
        Assert.Equal(23, scene.Dropped("queue full"));
        Assert.Equal(1, scene.Warnings);
    }

    [Fact]
    public void VolatileEvents_MakeRoomForOthers()
    {
        using var scene = new EmitterWithoutCluster(options => options.MaxQueuedMessages = 10);

        // One is with the pump already, which waits for the cluster.
        for (var i = 0; i < 10; i++) AssertComplete(scene.Emitter.Volatile.EmitAsync("cursor", i));
        AssertComplete(scene.Emitter.EmitAsync("important"));

        Assert.Equal(1, scene.Dropped("queue full"));
    }

    [Fact]
    public async Task Requests_FailInTimeWithASentence()
    {
        using var scene = new EmitterWithoutCluster();
        var timed = scene.Emitter.To("room").Timeout(TimeSpan.FromSeconds(2));
        Task[] asked =
        [
            timed.EmitWithAckAsync<int>("vote"), timed.FetchSocketsAsync(), scene.Emitter.ServerSideEmitWithAckAsync<int>("who"),
            scene.Emitter.RoomSizeAsync("room").AsTask(), scene.Emitter.SocketCountAsync().AsTask(),
            scene.Emitter.ServerCountAsync().AsTask(),
        ];
        Assert.All(asked, task => Assert.False(task.IsCompleted));

        scene.Time.Advance(TimeSpan.FromSeconds(6));

        foreach (var task in asked)
        {
            var failure = await Assert.ThrowsAsync<EmitterUnavailableException>(() => task);
            Assert.StartsWith("The cluster could not say in time", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, scene.Cluster.Requests.Count);
    }

    [Fact]
    public async Task Timeout_ThatIsNegative_IsRefusedWhereAnswersAreAskedForAndNothingIsEmitted()
    {
        using var scene = new EmitterWithoutCluster();
        var timed = scene.Emitter.To("room").Timeout(TimeSpan.FromSeconds(-1));

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => timed.EmitWithAckAsync<int>("vote"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => timed.FetchSocketsAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => scene.Emitter.ServerSideEmitWithAckCoreAsync<int>("who", [], TimeSpan.FromSeconds(-1)));
        AssertComplete(timed.EmitAsync("no answer wanted"));

        Assert.Equal(0, scene.Cluster.Requests.Count);
    }

    [Fact]
    public async Task Request_ThatDoesNotFitIntoTheQueue_FailsAtOnce()
    {
        using var scene = new EmitterWithoutCluster(options => options.MaxQueuedMessages = 1);
        await scene.Emitter.EmitAsync("ev");

        await Assert.ThrowsAsync<EmitterUnavailableException>(
            () => scene.Emitter.Timeout(Timeout.InfiniteTimeSpan).EmitWithAckAsync<int>("vote"));
    }

    [Fact]
    public async Task SocketsJoin_CompletesWithoutTheClusterWhenItsTimeIsUp()
    {
        using var scene = new EmitterWithoutCluster();
        var joining = scene.Emitter.In("room").SocketsJoinAsync("a", "b").AsTask();
        Assert.False(joining.IsCompleted);

        scene.Time.Advance(TimeSpan.FromSeconds(6));

        await joining;
        Assert.Equal(0, scene.Cluster.Requests.Count);
    }

    [Fact]
    public async Task CancelledToken_EmitsNothing()
    {
        using var scene = new EmitterWithoutCluster(options => options.MaxQueuedMessages = 1);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Emitter.EmitAsync("ev", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Emitter.ServerSideEmitAsync("ev", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Emitter.SocketsJoinAsync(["a"], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Emitter.FetchSocketsAsync(cancelled));
        await scene.Emitter.EmitAsync("ev");

        Assert.Equal(0, scene.Dropped("queue full"));
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("disconnecting")]
    public void ReservedName_IsRefusedBeforeAnythingElse(string name)
    {
        using var scene = new EmitterWithoutCluster();

        Assert.Throws<ArgumentException>(() => { _ = scene.Emitter.To("a").EmitAsync(name).AsTask(); });
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("connection")]
    [InlineData("new_namespace")]
    public void ReservedServerEvent_IsRefused(string name)
    {
        using var scene = new EmitterWithoutCluster();

        Assert.Throws<ArgumentException>(() => { _ = scene.Emitter.ServerSideEmitAsync(name).AsTask(); });
    }

    [Fact]
    public void Of_NormalisesTheName()
    {
        using var scene = new EmitterWithoutCluster();

        Assert.Equal("/", scene.Emitter.Namespace);
        Assert.Equal("/admin", scene.Emitter.Of("admin").Namespace);
        Assert.Equal("/admin", scene.Emitter.Of("/admin").Of("/admin").Namespace);
        Assert.Equal("/", scene.Emitter.Of("/admin").Of("/").Namespace);
    }

    [Fact]
    public async Task StoppedEmitter_DropsAndSaysSo()
    {
        using var scene = new EmitterWithoutCluster();
        await scene.Emitter.EmitAsync("waits");
        var joining = scene.Emitter.SocketsJoinAsync("a").AsTask();

        await scene.Cluster.StopAsync();
        await joining;
        await scene.Emitter.EmitAsync("too late");
        await Assert.ThrowsAsync<EmitterUnavailableException>(
            () => scene.Emitter.Timeout(Timeout.InfiniteTimeSpan).EmitWithAckAsync<int>("vote"));

        Assert.Equal(2, scene.Dropped("stopped"));
    }

    private static void AssertComplete(ValueTask task) => Assert.True(task.IsCompletedSuccessfully);
}
