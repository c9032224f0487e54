using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class EventOffsetsTests
{
    [Theory]
    [InlineData("2[\"hello\",1]", "42[\"hello\",1,\"Q85DFSG\"]")]
    [InlineData("2/a,7[\"hello\"]", "42/a,7[\"hello\",\"Q85DFSG\"]")]
    [InlineData("2[1,[]] ", "42[1,[],\"Q85DFSG\"]")]
    public void AppendArgument_Event_HasItAsItsLastArgument(string text, string frame)
    {
        Assert.Equal(frame, Wire.Encode(EventOffsets.AppendArgument(Wire.Decode(text), "Q85DFSG")));
    }

    [Theory]
    [InlineData("2[\"hello\"]", true)]
    [InlineData("2/a,[\"hello\",1,\"a\" ] ", true)]
    [InlineData("2[\"hello\",\"]\"]", true)]
    [InlineData("2[\"hello\",1]", false)]
    [InlineData("2[\"hello\",[\"a\"]]", false)]
    [InlineData("2[\"hello\",{\"a\":\"b\"}]", false)]
    [InlineData("2[\"hello\",null]", false)]
    public void EndsInString_IsWhatAClientTakesForAnOffset(string text, bool expected) =>
        Assert.Equal(expected, EventOffsets.EndsInString(Wire.Decode(text)));

    [Fact]
    public void AppendArgument_BinaryEvent_KeepsItsAttachments()
    {
        var packet = EventOffsets.AppendArgument(Wire.Decode("51-[\"a\",{\"_placeholder\":true,\"num\":0}]", [1]), "o\"1");
        Assert.Equal("451-[\"a\",{\"_placeholder\":true,\"num\":0},\"o\\\"1\"] <01>", Wire.Encode(packet));
    }

    [Fact]
    public void AppendArgument_AnotherPacket_Throws()
    {
        Assert.Throws<ArgumentException>(() => EventOffsets.AppendArgument(Wire.Decode("3[]"), "a"));
    }
}
