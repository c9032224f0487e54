using System.Text;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests.Sockets;

public sealed class AckCollectorTests
{
    private readonly List<string> _acks = [];
    private readonly AckCollector _collector;

    public AckCollectorTests() => _collector = new AckCollector(ack => _acks.Add(Encoding.UTF8.GetString(ack.Payload.Span)));

    [Fact]
    public void Acks_BeforeTheirNumberIsKnown_Count()
    {
        _collector.Add(Ack("[0]"));
        _collector.Add(null);
        Assert.False(_collector.Completed.IsCompleted);
        _collector.Expect(2);

        Assert.True(_collector.Completed.IsCompleted);
        Assert.Equal(new BroadcastAckResult(2, 1, []) { Gone = 1 }, _collector.Close() with { MissingNodes = [] });
        Assert.Equal(["[0]"], _acks);
    }

    [Fact]
    public void Acks_OfOtherServers_AreHandedOnAndNotWaitedFor()
    {
        _collector.AddOthers(Ack("[1]"));
        _collector.Expect(1);
        Assert.False(_collector.Completed.IsCompleted);
        _collector.Add(Ack("[0]"));

        Assert.Equal(["[1]", "[0]"], _acks);
        Assert.Equal((1, 1), (_collector.Close().Expected, _collector.Close().Received));
    }

    [Fact]
    public void Acks_AfterItWasClosed_AreIgnored()
    {
        _collector.Expect(1);
        _collector.Close();
        _collector.Add(Ack("[0]"));
        _collector.AddOthers(Ack("[1]"));

        Assert.Empty(_acks);
    }

    [Fact]
    public void Ack_ThatWhoAskedCannotTake_IsHisTrouble()
    {
        var collector = new AckCollector(_ => throw new FormatException("No ticket."));
        collector.Expect(1);
        collector.AddOthers(Ack("[1]"));
        collector.Add(Ack("[0]"));

        Assert.True(collector.Completed.IsCompleted);
        Assert.Throws<FormatException>(() => collector.Close());
        collector.Abandon();
    }

    private static Packet Ack(string json) =>
        new() { Type = PacketType.Ack, Namespace = "/", AckId = 0, Payload = Encoding.UTF8.GetBytes(json) };
}
