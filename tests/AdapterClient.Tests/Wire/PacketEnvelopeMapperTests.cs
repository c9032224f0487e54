using CsCheck;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Messaging.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Wire;

public sealed class PacketEnvelopeMapperTests
{
    [Fact]
    public void RoundTrip_AnyPacketAndRecipients_ComeOutAsTheyWentIn()
    {
        var names = Gen.String[0, 5].Array[0, 4];
        Gen.Select(names, names, Gen.Int[0, 3], Gen.Byte.Array[0, 50], Gen.Byte.Array[0, 9].Array[0, 3])
            .Sample((rooms, except, flags, payload, attachments) =>
            {
                var options = new BroadcastOptions { Rooms = [.. rooms], Except = [.. except], Flags = (BroadcastFlags)flags };
                var packet = new Packet
                {
                    Type = attachments.Length > 0 ? PacketType.BinaryEvent : PacketType.Event,
                    Payload = payload,
                    Attachments = Array.ConvertAll(attachments, a => new ReadOnlyMemory<byte>(a)),
                };
                var envelope = PacketEnvelopeMapper.ToEnvelope(EnvelopeKind.Broadcast, "/n", options, packet);
                var read = PacketEnvelopeMapper.ToOptions(envelope);
                var received = PacketEnvelopes.ToEvent(envelope);

                Assert.Equal(options.Rooms.AsEnumerable(), read.Rooms);
                Assert.Equal(options.Except.AsEnumerable(), read.Except);
                Assert.Equal(options.Flags, read.Flags);
                Assert.Equal(packet.Type, received.Type);
                Assert.Equal("/n", received.Namespace);
                Assert.Equal(Packets.Text(packet), Packets.Text(received));
            });
    }

    [Fact]
    public void ToEnvelope_PayloadThatIsAWholeArray_IsNotCopied()
    {
        var bytes = "[1]"u8.ToArray();
        var whole = new Packet { Type = PacketType.Event, Payload = bytes };
        var part = new Packet { Type = PacketType.Event, Payload = bytes.AsMemory(1) };

        Assert.Same(bytes, PacketEnvelopes.Carry(EnvelopeKind.Broadcast, "/", whole).Payload);
        Assert.Equal("1]"u8.ToArray(), PacketEnvelopes.Carry(EnvelopeKind.Broadcast, "/", part).Payload);
    }
}
