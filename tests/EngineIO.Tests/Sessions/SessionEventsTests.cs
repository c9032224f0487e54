using System.Text;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class SessionEventsTests
{
    [Fact]
    public async Task Listeners_HearOfPacketsBatchesHeartbeatsAndTheEndInOrder()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();
        var heard = new Inbox<string>(() => "The listener");
        Listen(session, heard);

        handler.Send("a");
        handler.Send([1, 2, 3]);
        transport.Write(session);
        bench.Time.Pass(bench.Options.PingInterval);
        transport.Write(session);
        session.Receive(SessionBench.Packet("3"), isBorrowed: true);
        session.Receive(SessionBench.Packet("4hello"), isBorrowed: true);
        session.End(CloseReason.TransportClose, "gone");

        string[] expected =
        [
            "queued Message a", "queued Message 010203", "flushing", "drained", "queued Ping ", "flushing", "drained",
            "received Pong ", "heartbeat", "received Message hello", "queued Message hello", "closed TransportClose gone",
        ];
        foreach (var line in expected) Assert.Equal(line, await heard.TakeAsync(_ => true, line));
    }

    [Fact]
    public void Listener_ThatThrows_IsLoggedAndDisturbsNothing()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();
        session.Events.PacketQueued += _ => throw new InvalidOperationException("queued");
        session.Events.PacketReceived += _ => throw new InvalidOperationException("received");
        session.Events.Drained += () => throw new InvalidOperationException("drained");

        Assert.True(handler.Send("a"));
        Assert.Equal("4a", transport.Write(session));
        session.Receive(SessionBench.Packet("4b"), isBorrowed: true);

        Assert.Equal("4b", transport.Write(session));
        Assert.True(session.IsOpen);
        var thrown = bench.Logger.Collector.GetSnapshot().Where(record => record.Id.Name == "SessionListenerFailed")
            .Select(record => record.Exception!.Message);
        Assert.Equal(["queued", "drained", "received", "queued", "drained"], thrown);
    }

    [Fact]
    [Trait("Behaviour", "38")]
    public async Task SessionOpened_TellsBeforeTheClientSpeaks_AndItsListenersHearTheUpgrade()
    {
        await using var host = await EngineHost.StartAsync();
        var heard = new Inbox<string>(() => "The listener");
        host.Server.SessionOpened += (_, opened) =>
        {
            heard.Add($"opened, {host.Server.ClientsCount}");
            Listen(opened.Session, heard);
            throw new InvalidOperationException("is logged");
        };
        using var polling = await RawPolling.OpenAsync(host.Address);
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();
        await socket.SendAsync("5");
        await socket.SendAsync("4hello");
        await socket.NextAsync();

        foreach (var line in new[] { "opened, 1", "upgrading", "upgraded", "received Message hello", "queued Message hello" })
        {
            Assert.Equal(line, await heard.TakeAsync(text => text != "flushing" && text != "drained", line));
        }

        Assert.Equal("SessionListenerFailed", Assert.Single(host.Complaints).Id.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoSubscribesAfterTheUpgradeOrTheEnd_IsToldOnce(bool hasAskedBefore)
    {
        await using var host = await EngineHost.StartAsync();
        using var polling = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        if (hasAskedBefore) _ = session.Session.Events;
        await using var socket = await RawWebSocket.ConnectAsync(host.Address, polling.Sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();
        await socket.SendAsync("5");
        await socket.SendAsync("4hello");
        await socket.NextAsync();
        var heard = new List<string>();

        session.Session.Events.Upgraded += () => heard.Add("upgraded");
        session.Session.Events.Upgraded += () => throw new InvalidOperationException("is logged");
        Assert.Equal(["upgraded"], heard);

        session.Session.Abort();
        await session.Closed;
        await host.Server.CloseAsync();
        session.Session.Events.Closed += (reason, _) => heard.Add($"closed {reason}");
        Assert.Equal(["upgraded", "closed ForcedClose"], heard);
        Assert.Equal("SessionListenerFailed", Assert.Single(host.Complaints).Id.Name);
    }

    private static void Listen(IEngineSession session, Inbox<string> heard)
    {
        var events = session.Events;
        events.PacketReceived += packet => heard.Add($"received {packet.Type} {Text(packet)}");
        events.PacketQueued += packet => heard.Add($"queued {packet.Type} {Text(packet)}");
        events.Flushing += () => heard.Add("flushing");
        events.Drained += () => heard.Add("drained");
        events.HeartbeatReceived += () => heard.Add("heartbeat");
        events.Upgrading += () => heard.Add("upgrading");
        events.Upgraded += () => heard.Add("upgraded");
        events.Closed += (reason, description) => heard.Add($"closed {reason} {description}");
    }

    private static string Text(EngineIOPacket packet) =>
        packet.IsBinary ? Convert.ToHexString(packet.Data.Span) : Encoding.UTF8.GetString(packet.Data.Span);
}
