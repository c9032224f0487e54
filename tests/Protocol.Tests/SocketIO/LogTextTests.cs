using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class LogTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("/chat", "/chat")]
    [InlineData("/caf\u00e9 \ud83d\ude00", "/caf\u00e9 \ud83d\ude00")]
    [InlineData("a\u001b[31mred\r\nfake line", "a\\u001b[31mred\\u000d\\u000afake line")]
    [InlineData("\u202eright to left", "\\u202eright to left")]
    public void ToString_ShowsNothingThatSteersATerminalOrEndsALine(string? text, string shown) =>
        Assert.Equal(shown, new LogText(text).ToString());

    [Fact]
    public void ToString_OfHalfACharacter_SaysSo()
    {
        // Not as an attribute's argument, which is kept as UTF-8.
        Assert.Equal("half \\ufffd emoji", new LogText("half \ud83d emoji").ToString());
    }

    [Fact]
    public void ToString_OfALongText_IsCut()
    {
        var shown = new LogText(new string('x', 1_000_000)).ToString();

        Assert.Equal(new string('x', LogText.MaxLength) + "... (1000000 characters)", shown);
    }
}
