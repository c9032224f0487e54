using OrleansRooms.EngineIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    [Fact]
    public async Task Broadcast_ToTheNamespace_ReachesEverySocketOnce()
    {
        var sockets = await ConnectOneEachAsync();
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e",1]"""), All);
        await Scene.BarrierAsync(0);

        foreach (var socket in sockets) Assert.Equal(["""42["e",1]"""], Scene.EventsOf(socket));
    }

    [Fact]
    public async Task Broadcast_InOneNamespace_StaysOutOfAnother()
    {
        await using var other = await OpenSceneAsync();
        var here = await Scene[1].ConnectAsync("r");
        var there = await other[1].ConnectAsync("r");
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r"));
        await Scene.BarrierAsync(0);
        await other.BarrierAsync(0);

        Assert.Equal(["""42["e"]"""], Scene.EventsOf(here));
        Assert.Empty(other.EventsOf(there));
    }

    [Fact]
    public async Task Broadcast_ToARoom_ReachesItsMembersOnEveryNode()
    {
        var first = await Scene[0].ConnectAsync("r");
        var second = await Scene[1].ConnectAsync("r");
        var outsider = await Scene[2].ConnectAsync("s");
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r"));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["e"]"""], Scene.EventsOf(first));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(second));
        Assert.Empty(Scene.EventsOf(outsider));
    }

    [Fact]
    public async Task Broadcast_ToSeveralRooms_ReachesEachSocketOnce()
    {
        var both = await Scene[1].ConnectAsync("r", "s");
        var one = await Scene[2].ConnectAsync("s");
        var none = await Scene[0].ConnectAsync("t");
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r", "s", "unknown", both.Id));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["e"]"""], Scene.EventsOf(both));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(one));
        Assert.Empty(Scene.EventsOf(none));
    }

    [Fact]
    public async Task Broadcast_ExceptRoomsAndSockets_LeavesThemOut()
    {
        var member = await Scene[0].ConnectAsync("r");
        var muted = await Scene[1].ConnectAsync("r", "muted");
        var named = await Scene[2].ConnectAsync("r");
        var other = await Scene[2].ConnectAsync("r");
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["room"]"""), To("r").ButNot("muted", named.Id, "unknown"));
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["all"]"""), All.ButNot("muted", named.Id));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["room"]""", """42["all"]"""], Scene.EventsOf(member));
        Assert.Equal(["""42["room"]""", """42["all"]"""], Scene.EventsOf(other));
        Assert.Empty(Scene.EventsOf(muted));
        Assert.Empty(Scene.EventsOf(named));
    }

    [Fact]
    public async Task Broadcast_ToASocketId_ReachesThatSocketAlone()
    {
        var sockets = await ConnectOneEachAsync();
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To(sockets[1].Id));
        await Scene.BarrierAsync(0);

        Assert.Empty(Scene.EventsOf(sockets[0]));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(sockets[1]));
        Assert.Empty(Scene.EventsOf(sockets[2]));
    }

    [Fact]
    public async Task Broadcast_ToAPrivateRoomThatAnotherSocketJoined_ReachesBoth()
    {
        var sockets = await ConnectOneEachAsync();
        await sockets[2].JoinAsync(sockets[1].Id);
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To(sockets[1].Id));
        await Scene.BarrierAsync(0);

        Assert.Empty(Scene.EventsOf(sockets[0]));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(sockets[1]));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(sockets[2]));
    }

    [Fact]
    public async Task Broadcast_Local_StaysOnTheNode()
    {
        var here = await Scene[0].ConnectAsync("r");
        var there = await Scene[1].ConnectAsync("r");
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r").With(BroadcastFlags.Local));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["e"]"""], Scene.EventsOf(here));
        if (Nodes.Count > 1) Assert.Empty(Scene.EventsOf(there));
    }

    [Fact]
    public async Task Broadcast_ToAnUnknownRoom_ReachesNobody()
    {
        var sockets = await ConnectOneEachAsync();
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("unknown"));
        await Scene.BarrierAsync(0);

        foreach (var socket in sockets) Assert.Empty(Scene.EventsOf(socket));
    }

    [Fact]
    public async Task Broadcast_WithAttachments_ArrivesBinary()
    {
        var sockets = await ConnectOneEachAsync();
        await Scene[0].Adapter.BroadcastAsync(
            Packets.Event("""["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", [1, 2, 255], []), All);
        await Scene.BarrierAsync(0);

        foreach (var socket in sockets)
        {
            var wire = Assert.Single(Scene.EventsOf(socket));
            Assert.Equal("""452-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]+0102FF+""", wire);
        }
    }

    [Fact]
    public async Task Broadcast_ManyFromOneNode_ArriveInTheOrderOfSending()
    {
        var sockets = await ConnectOneEachAsync("r", "s");
        for (var i = 0; i < 60; i++)
        {
            var options = (i % 4) switch { 0 => To("r"), 1 => To("s", "r"), 2 => All, _ => To(sockets.Select(s => s.Id).ToArray()) };
            // Not awaited: the order of the calls counts.
            _ = Scene[0].Adapter.BroadcastAsync(Packets.Event($"""["e",{i}]"""), options).AsTask();
        }

        await Scene.BarrierAsync(0);
        var expected = Enumerable.Range(0, 60).Select(i => $"""42["e",{i}]""");
        foreach (var socket in sockets) Assert.Equal(expected, Scene.EventsOf(socket));
    }

    [Fact]
    public async Task Broadcast_BeforeTheSocketIsConnected_PassesItBy()
    {
        var socket = await Scene[1].CreateSocketAsync();
        await Scene[1].Adapter.AddAllAsync(socket.Id, ["r"]);
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["early"]"""), To("r"));
        var witness = await Scene[1].ConnectAsync();
        await Scene.BarrierAsync(0);
        Scene[1].Connect(socket);
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["late"]"""), To("r", witness.Id));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["late"]"""], Scene.EventsOf(socket));
    }

    [Fact]
    public async Task Broadcast_ToTheNodesOwnSockets_HasHappenedWhenTheCallReturns()
    {
        var socket = await Scene[0].ConnectAsync();
        var join = socket.JoinAsync("r");
        var sent = Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r"));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(socket));
        await join;
        await sent;
    }

    [Fact]
    public async Task Broadcast_ToManySockets_IsEncodedOncePerNode()
    {
        var first = await Scene[0].ConnectAsync("r");
        var second = await Scene[0].ConnectAsync("r");
        var before = Scene[0].Encoded;
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r"));

        Assert.Equal(before + 1, Scene[0].Encoded);
        Assert.NotNull(first.LastFrames);
        Assert.Same(first.LastFrames, second.LastFrames);
    }

    [Theory]
    [InlineData(BroadcastFlags.None, SendFlags.None)]
    [InlineData(BroadcastFlags.Volatile, SendFlags.Volatile)]
    [InlineData(BroadcastFlags.NoCompress, SendFlags.NoCompress)]
    [InlineData(BroadcastFlags.Volatile | BroadcastFlags.NoCompress, SendFlags.Volatile | SendFlags.NoCompress)]
    public async Task Broadcast_WithFlags_HandsThemToEverySocket(BroadcastFlags flags, SendFlags expected)
    {
        var near = await Scene[0].ConnectAsync();
        var far = await Scene[1].ConnectAsync();
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), All.With(flags));
        foreach (var socket in new[] { near, far })
        {
            await socket.WaitForLogAsync(log => log.Length == 1, "the event");
            Assert.Equal(expected, socket.LastFlags);
        }
    }

    [Fact]
    public async Task Broadcast_RecipientThatThrowsOrLeavesMeanwhile_DisturbsNobody()
    {
        var faulty = await Scene[0].ConnectAsync("r");
        var next = await Scene[0].ConnectAsync("r");
        var last = await Scene[0].ConnectAsync("r");
        faulty.Outgoing = _ =>
        {
            next.Disconnect(close: false);
            throw new InvalidOperationException("A listener's own trouble.");
        };
        await Scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), To("r"));

        Assert.Empty(Scene.EventsOf(faulty));
        Assert.Equal(["disconnected"], Scene.EventsOf(next));
        Assert.Equal(["""42["e"]"""], Scene.EventsOf(last));
    }

    [Fact]
    public async Task Join_ThenABroadcastFromAnotherNode_ReachesTheSocket()
    {
        var sockets = await ConnectOneEachAsync();
        for (var i = 0; i < 30; i++)
        {
            var room = $"r{i}";
            await sockets[i % 3].JoinAsync(room);
            await Scene[i + 1].Adapter.BroadcastAsync(Packets.Event($"""["e",{i}]"""), To(room));
        }

        for (var s = 0; s < 3; s++)
        {
            var log = await sockets[s].WaitForLogAsync(log => log.Length >= 10, "ten events");
            Assert.Equal(
                Enumerable.Range(0, 10).Select(i => $"""42["e",{(3 * i) + s}]""").Order(StringComparer.Ordinal),
                Scene.EventsOf(sockets[s]).Order(StringComparer.Ordinal));
            Assert.Equal(10, log.Length);
        }
    }

    /// <summary>Three sockets, on nodes 0, 1 and 2.</summary>
    private async Task<TestSocket[]> ConnectOneEachAsync(params string[] rooms) =>
        [await Scene[0].ConnectAsync(rooms), await Scene[1].ConnectAsync(rooms), await Scene[2].ConnectAsync(rooms)];
}
