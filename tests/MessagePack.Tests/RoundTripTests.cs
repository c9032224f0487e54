using System.Text;
using CsCheck;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.MessagePack.Tests;

public sealed class RoundTripTests
{
    private static readonly PacketSerializer Serializer = new(maxAttachments: 1000);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.Where(c => !char.IsSurrogate(c)), 0, 40],
        Gen.OneOf("", "😀é", "\u0000\"\\\n", "num", "toString", new string('x', 300)));

    // -0 is left out: MessagePack, like JavaScript's encoder, writes it as the integer 0.
    private static readonly Gen<object?> Leaf = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.ULong.Select(value => (object?)value),
        Gen.Double.Where(value => !double.IsNegative(value)).Select(value => (object?)value),
        Text.Select(value => (object?)value),
        Gen.Byte.Array[0, 300].Select(value => (object?)value));

    private static readonly Gen<object?[]> Arguments = Nest(Leaf, 3).Array[0, 20];

    [Fact]
    public void Event_AnyArguments_AreTheSameOnTheOtherSide()
    {
        Gen.Select(Text.Where(name => !ReservedEvents.Contains(name)), Arguments, Gen.Long[0, long.MaxValue]).Sample((name, args, ackId) =>
        {
            var sent = Serializer.Event("/room é", name, args, ackId);
            Assert.Equal(PacketText.Describe(sent), PacketText.Describe(Wire.Decode(Wire.Encode(sent))));
        });
    }

    // MessagePack's strings are UTF-8, which has no form for half of a surrogate pair.
    [Fact]
    public void AnyUtf16_ArrivesWithU_FFFD_InThePlaceOfHalves() =>
        Gen.OneOf(Gen.Char, Gen.Char['\ud800', '\udfff']).Array[0, 10].Select(chars => new string(chars))
            .Where(text => !ReservedEvents.Contains(text)).Sample(text =>
            {
                var sent = Serializer.Event("/", text, [text, new Dictionary<string, string> { [text] = text }]);
                var received = Serializer.Read(Wire.Decode(Wire.Encode(sent)));
                var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

                Assert.Equal(expected, received.EventName);
                Assert.Equal(expected, received.Get<string>(0));
                Assert.Equal(
                    new KeyValuePair<string, string>(expected, expected), Assert.Single(received.Get<Dictionary<string, string>>(1)!));
            });

    [Fact]
    public void Ack_AnyArguments_AreTheSameOnTheOtherSide()
    {
        Gen.Select(Arguments, Gen.Long[0, long.MaxValue]).Sample((args, ackId) =>
        {
            var sent = Serializer.Ack("/", ackId, args);
            Assert.Equal(PacketText.Describe(sent), PacketText.Describe(Wire.Decode(Wire.Encode(sent))));
        });
    }

    [Fact]
    public void Encode_JsonWithBlanksAndEscapes_IsTheSameValue()
    {
        var packet =
            new Packet { Type = PacketType.Event, Payload = Encoding.UTF8.GetBytes(" [ \"\\u0061\" , { \"\\n\" : [ ] , \"b\" : { } } ] ") };
        Assert.Equal("Event / [\"a\",{\"\\n\":[],\"b\":{}}]", PacketText.Describe(Wire.Decode(Wire.Encode(packet))));
    }

    private static Gen<object?> Nest(Gen<object?> inner, int depth)
    {
        if (depth == 0) return inner;
        var list = inner.Array[0, 5].Select(items => (object?)items);
        var map = Gen.Select(Text, inner).Array[0, 20].Select(pairs =>
        {
            var properties = new Dictionary<string, object?>();
            foreach (var (name, value) in pairs) properties[name] = value;
            return (object?)properties;
        });
        return Nest(Gen.OneOf(inner, list, map), depth - 1);
    }
}
