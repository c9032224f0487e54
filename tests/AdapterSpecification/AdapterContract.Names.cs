using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

public abstract partial class AdapterContract
{
    // Halves of surrogate pairs, which JavaScript's strings may hold, and what they turn into where somebody takes them for Unicode.
    private static readonly string[] Units =
        ["\ud83d", "\ude00", "\ud800", "\udfff", "\ufffd", "\uffff", "\ue03d", "\ud83d\ude00", "a", "é"];

    [Fact]
    public async Task Rooms_NamedByAnyText_AreKeptApartOnEveryNode()
    {
        var names = AnyNames();
        var sockets = new List<(string Name, TestSocket Socket)>();
        for (var i = 0; i < names.Length; i++) sockets.Add((names[i], await Scene[i].ConnectAsync(names[i])));
        for (var i = 0; i < names.Length; i++)
        {
            await Scene[0].Adapter.BroadcastAsync(Packets.Event($"""["to",{i}]"""), To(names[i]));
        }

        await Scene.BarrierAsync(0);

        for (var i = 0; i < names.Length; i++) Assert.Equal([$"""42["to",{i}]"""], Scene.EventsOf(sockets[i].Socket));
    }

    [Fact]
    public async Task Rooms_NamedByAnyText_AreExceptedJoinedAndLeftOnEveryNode()
    {
        string[] names = ["\ud83d", "\ufffd", "a\ud800", "a\ufffd"];
        var sockets = new List<TestSocket>();
        for (var i = 0; i < names.Length; i++) sockets.Add(await Scene[i].ConnectAsync(names[i]));

        var adapter = Scene[0].Adapter;
        await adapter.BroadcastAsync(Packets.Event("""["not half"]"""), All.ButNot("\ud83d"));
        await adapter.SocketsJoinAsync(To("\ud83d", "a\ud800"), ["j\udc00"]);
        await adapter.BroadcastAsync(Packets.Event("""["joined"]"""), To("j\udc00"));
        await adapter.SocketsLeaveAsync(To("a\ud800"), ["j\udc00"]);
        await adapter.BroadcastAsync(Packets.Event("""["left"]"""), To("j\udc00"));
        await adapter.BroadcastAsync(Packets.Event("""["nobody"]"""), To("j\ufffd"));
        await adapter.BroadcastAsync(Packets.Event("""["nobody"]"""), To("\ud83c"));
        await Scene.BarrierAsync(0);

        Assert.Equal(["""42["joined"]""", """42["left"]"""], Scene.EventsOf(sockets[0]));
        Assert.Equal(["""42["not half"]"""], Scene.EventsOf(sockets[1]));
        Assert.Equal(["""42["not half"]""", """42["joined"]"""], Scene.EventsOf(sockets[2]));
        Assert.Equal(["""42["not half"]"""], Scene.EventsOf(sockets[3]));
    }

    [Fact]
    public async Task Rooms_NamedByAnyText_AreCountedListedAndWatched()
    {
        var names = AnyNames();
        var created = new List<string>();
        using var watch = Scene[0].Adapter.WatchRooms(change =>
        {
            lock (created) created.Add(change.Room);
        });
        await watch.Started.WaitAsync(Patience);
        for (var i = 0; i < names.Length; i++)
        {
            var socket = await Scene[i].ConnectAsync(names[i]);
            await EventuallyAsync(1, () => Scene[i + 1].Adapter.RoomSizeAsync(names[i]));
            Assert.Equal([socket.Id], (await Scene[i + 1].Adapter.RoomMembersAsync(names[i])).Select(member => member.SocketId));
            Assert.True(await Scene[i + 1].Adapter.IsInRoomAsync(names[i], socket.Id));
        }

        var listed = new List<string>();
        while (await Scene[1].Adapter.RoomsAsync("", listed.LastOrDefault(), 7) is { IsEmpty: false } page) listed.AddRange(page);
        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(
            names.Where(name => name.StartsWith("a\ud83d\ude00", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            (await Scene[1].Adapter.RoomsAsync("a\ud83d\ude00", null, 100)).Order(StringComparer.Ordinal));
        await AdapterScene.UntilAsync(() =>
        {
            lock (created) return new(created.Count == names.Length);
        });
        Assert.Equal(names.Order(StringComparer.Ordinal), created.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Acks_OfARoomNamedByHalfAPair_ComeFromEveryNode()
    {
        var sockets = await ConnectOneEachAsync("\ud83d");
        foreach (var socket in sockets) socket.Answer = packet => Packets.Ack(Packets.Text(packet));
        var answers = new List<string>();
        var result = await Scene[0].Adapter.BroadcastWithAckAsync(Packets.Event("""["\udc00","\ud800"]"""), To("\ud83d"), packet =>
        {
            lock (answers) answers.Add(Packets.Text(packet));
        });

        Assert.True(result.IsComplete);
        Assert.Equal(Enumerable.Repeat("""["\udc00","\ud800"]""", 3), answers);
    }

    /// <summary>All names of one unit, and others of up to six, the same in every run.</summary>
    private static string[] AnyNames()
    {
        var random = new Random(20);
        return [.. Units
            .Concat(
                Enumerable.Range(0, 40)
                    .Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ => Units[random.Next(Units.Length)]))))
            .Append("a\ud83d\ude00b")
            .Distinct(StringComparer.Ordinal)];
    }
}
