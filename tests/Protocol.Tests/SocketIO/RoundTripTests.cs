using System.Text.Json;
using CsCheck;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class RoundTripTests
{
    private static readonly PacketSerializer Serializer = new();
    private static readonly JsonPacketParser Parser = new();

    [Fact]
    public void Event_AnyArguments_ArriveAsTheyWereEmitted()
    {
        Gen.Select(RandomArguments.Namespace, RandomArguments.EventName, RandomArguments.Arguments, RandomArguments.AckId)
            .Sample((ns, name, args, ackId) =>
            {
                var sent = Serializer.Event(ns, name, args, ackId);
                var received = SendOver(sent);

                Assert.Equal(PacketText.Describe(sent), PacketText.Describe(received));
                Assert.Equal(RandomArguments.CountBuffers(args), received.Attachments.Count);
                var arguments = Serializer.Read(received);
                Assert.Equal(name, arguments.EventName);
                AssertSame(args, arguments);
            });
    }

    [Fact]
    public void Ack_AnyArguments_ArriveAsTheyWereSent()
    {
        Gen.Select(RandomArguments.Namespace, RandomArguments.Arguments, Gen.Long[0, long.MaxValue]).Sample((ns, args, ackId) =>
        {
            var received = SendOver(Serializer.Ack(ns, ackId, args));
            Assert.True(received.IsAck);
            Assert.Equal(ackId, received.AckId);
            AssertSame(args, Serializer.Read(received));
        });
    }

    [Fact]
    public void Echo_OfAnyEvent_IsTheSameEvent()
    {
        Gen.Select(RandomArguments.EventName, RandomArguments.Arguments).Sample((name, args) =>
        {
            var received = SendOver(Serializer.Event("/", name, args));
            var arguments = Serializer.Read(received);
            var raw = new object?[arguments.Count];
            for (var i = 0; i < raw.Length; i++) raw[i] = arguments[i];
            Assert.Equal(PacketText.Describe(received), PacketText.Describe(Serializer.Event("/", arguments.EventName, raw)));

            // Backwards, the attachments change places and so must the numbers of their placeholders.
            Array.Reverse(raw);
            var backwards = Serializer.Read(SendOver(Serializer.Event("/", name, raw)));
            for (var i = 0; i < raw.Length; i++)
            {
                Assert.Equal(RandomArguments.Describe(args[^(i + 1)]), RandomArguments.Describe(ReadValue(backwards[i])));
            }
        });
    }

    [Fact]
    public void Offset_AddedToAnyEvent_IsOneMoreArgument()
    {
        Gen.Select(
            RandomArguments.EventName, RandomArguments.Arguments, Gen.String[0, 20].Where(IsWellFormed)).Sample((name, args, offset) =>
        {
            var packet = EventOffsets.AppendArgument(Serializer.Event("/", name, args), offset);
            AssertSame([.. args, offset], Serializer.Read(SendOver(packet)));
        });
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == text.Length
        && !text.EnumerateRunes().Any(rune => rune.Value == 0xfffd);

    private static Packet SendOver(Packet packet)
    {
        var decoder = Parser.CreateDecoder();
        Packet? received = null;
        foreach (var frame in Parser.Encode(packet))
        {
            Assert.Null(received);
            received = decoder.Add(frame.IsBinary ? frame.Payload : frame.Payload[1..], frame.IsBinary);
        }

        Assert.NotNull(received);
        return received;
    }

    private static void AssertSame(object?[] sent, PacketArguments received)
    {
        Assert.Equal(sent.Length, received.Count);
        for (var i = 0; i < sent.Length; i++)
        {
            Assert.Equal(RandomArguments.Describe(sent[i]), RandomArguments.Describe(ReadValue(received[i])));
        }
    }

    private static object? ReadValue(RawArgument argument) => argument.Json.Span[0] switch
    {
        (byte)'n' => null,
        (byte)'t' or (byte)'f' => Serializer.Deserialize<bool>(argument),
        (byte)'"' => Serializer.Deserialize<string>(argument),
        (byte)'[' => Serializer.Deserialize<RawArgument[]>(argument)!.Select(ReadValue).ToArray(),
        (byte)'{' => ReadObject(argument),
        _ => Serializer.Deserialize<JsonElement>(argument) is var number && number.TryGetInt32(out var integer) && !IsMinusZero(number)
            ? integer
            : number.GetDouble(),
    };

    private static bool IsMinusZero(JsonElement number) => number.GetRawText() == "-0";

    private static object ReadObject(RawArgument argument) =>
        Serializer.Deserialize<object>(argument) is byte[] bytes
            ? bytes
            : Serializer.Deserialize<Dictionary<string, RawArgument>>(argument)!.ToDictionary(
                pair => pair.Key, pair => ReadValue(pair.Value));
}
