using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

public sealed class EnvelopeSizeTests
{
    [Fact]
    public void SizeOf_Envelope_GrowsWithAllThatItCarries()
    {
        var empty = new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/" };
        var size = EnvelopeSize.Of(empty);

        Assert.True(EnvelopeSize.Of(empty with { Payload = new byte[1000] }) >= size + 1000);
        Assert.True(EnvelopeSize.Of(empty with { Attachments = [new byte[1000], new byte[1000]] }) >= size + 2000);
        Assert.True(EnvelopeSize.Of(empty with { Rooms = [new string('r', 1000)] }) >= size + 2000);
        Assert.True(EnvelopeSize.Of(empty with { Namespace = "/" + new string('n', 1000) }) >= size + 2000);
        Assert.True(EnvelopeSize.Of(empty with { Except = ["x"], Targets = ["t"] }) > size);
    }

    [Fact]
    public void SizeOf_Batch_CountsEveryEnvelope()
    {
        var envelope = new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Payload = new byte[1000] };
        var one = EnvelopeSize.Of(new EnvelopeBatch(new NodeIdentity("a", 1), [envelope]));

        Assert.True(one > EnvelopeSize.Of(envelope));
        Assert.Equal(one + EnvelopeSize.Of(envelope), EnvelopeSize.Of(new EnvelopeBatch(new NodeIdentity("a", 1), [envelope, envelope])));
    }
}
