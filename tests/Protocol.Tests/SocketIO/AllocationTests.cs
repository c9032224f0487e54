using System.Text;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>
/// Keeps the costs down that every message pays. The text is long, so that one copy too many cannot hide among the small objects.
/// </summary>
public sealed class AllocationTests
{
    private const int TextLength = 20_000;
    private const int SmallObjects = 1_000;

    private static readonly PacketSerializer Serializer = new();
    private static readonly JsonPacketParser Parser = new();
    private static readonly string Text = new('x', TextLength);
    private static readonly Packet Packet = Serializer.Event("/chat", "message", [Text], ackId: 7);

    [Fact]
    public void Event_Text_IsCopiedOnce() =>
        Assert.InRange(Measure(() => Serializer.Event("/chat", "message", [Text])), TextLength, TextLength + SmallObjects);

    [Fact]
    public void Encode_Text_IsCopiedOnce() =>
        Assert.InRange(Measure(() => Parser.Encode(Packet)), TextLength, TextLength + SmallObjects);

    [Fact]
    public void Encode_Attachments_AreNotCopied()
    {
        var packet = Serializer.Event("/", "e", [new byte[TextLength]]);
        Assert.InRange(Measure(() => Parser.Encode(packet)), 0, SmallObjects);
    }

    [Fact]
    public void Decode_Text_IsNotCopied()
    {
        var text = Parser.Encode(Packet)[0].Payload[1..];
        var decoder = Parser.CreateDecoder();
        Assert.InRange(Measure(() => decoder.Add(text, isBinary: false)), 0, SmallObjects);
    }

    [Fact]
    public void Read_Arguments_AreNotCopied() => Assert.InRange(Measure(() => Serializer.Read(Packet)), 0, SmallObjects);

    [Fact]
    public void PayloadReader_Packets_AreNotCopied()
    {
        var body = Encoding.UTF8.GetBytes($"42[\"a\"]\u001e42[\"{Text}\"]\u001e3");
        Assert.InRange(
            Measure(() =>
            {
                var reader = new PollingPayloadReader(body);
                var count = 0;
                while (reader.TryRead(out _)) count++;
                return count == 3 ? string.Empty : throw new InvalidOperationException();
            }),
            0,
            0);
    }

    private static long Measure(Func<object?> action)
    {
        for (var i = 0; i < 3; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
