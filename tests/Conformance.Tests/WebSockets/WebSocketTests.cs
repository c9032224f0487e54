using System.Diagnostics;
using System.Net.WebSockets;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.WebSockets;

/// <summary>The WebSocket transport on the wire (section C of the acceptance list), shown with Socket.IO packets.</summary>
public sealed class WebSocketTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "27")]
    public async Task Message_TextAndBinary_ComeBackAsTheyWent()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync("42[\"message\",\"hello\"]");
        await socket.SendAsync("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
        await socket.SendAsync([1, 2, 3, 4]);

        Assert.Equal("42[\"message-back\",\"hello\"]", (await socket.NextAsync()).Text);
        Assert.Equal("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]", (await socket.NextAsync()).Text);
        var binary = await socket.NextAsync();
        Assert.True(binary.IsBinary);
        Assert.Equal([1, 2, 3, 4], binary.Bytes);
    }

    [Theory]
    [Trait("Behaviour", "28")]
    [InlineData("abc")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("7")]
    public async Task Frame_ThatEndsTheSession_ClosesAtOnce(string frame)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var bystander = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        var stopwatch = Stopwatch.StartNew();
        await socket.SendAsync(frame);
        await socket.WaitForCloseAsync();

        // Before the ping timeout of 20 s, at which the reference implementation notices frame "1".
        Assert.True(stopwatch.Elapsed < TimeSpan.FromSeconds(15), $"{stopwatch.Elapsed}");
        await bystander.SendAsync("42[\"message\",\"still here\"]");
        Assert.Equal("42[\"message-back\",\"still here\"]", (await bystander.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "29")]
    public async Task Message_OverTheLimit_ClosesWithMessageTooBig()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var bystander = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        // The server closes while this is still being sent.
        var sending = socket.SendIfOpenAsync($"42[\"message\",\"{new string('x', 10_000_000)}\"]");
        var status = await socket.WaitForCloseAsync();
        await sending;

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, status);
        await bystander.SendAsync("42[\"message\",\"still here\"]");
        Assert.Equal("42[\"message-back\",\"still here\"]", (await bystander.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "29")]
    public async Task Message_AtTheLimit_IsTaken()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho, options => options.MaxHttpBufferSize = 1000);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);
        const string frame = "42[\"message\",\"\"]";
        var text = new string('x', 1000 - frame.Length);

        await socket.SendAsync(frame.Insert(frame.Length - 2, text));

        Assert.Equal($"42[\"message-back\",\"{text}\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "30")]
    public async Task Handshake_AskingForBase64_ReceivesBinaryAsText()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.ConnectAsync(server.Address, extraQuery: "&b64=1");
        await socket.NextAsync();
        await socket.SendAsync("40");
        await socket.NextAsync();

        await socket.SendAsync("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
        await socket.SendAsync([1, 2, 3, 4]);

        Assert.Equal("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]", (await socket.NextAsync()).Text);
        Assert.Equal("bAQIDBA==", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "31")]
    public async Task Connect_WithTheSidOfAWebSocketSession_IsClosedAndTheFirstGoesOn()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var (first, handshake) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = first;
        await first.SendAsync("40");
        await first.NextAsync();

        await using var second = await RawWebSocket.ConnectAsync(server.Address, handshake.GetProperty("sid").GetString());
        await second.WaitForCloseAsync();

        await first.SendAsync("42[\"message\",1]");
        Assert.Equal("42[\"message-back\",1]", (await first.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "32")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PerMessageDeflate_IsNegotiatedOnlyWhenEnabled(bool enabled)
    {
        var server = await StartAsync(
            SuiteServer.ConfigureEcho, options => options.PerMessageDeflate = enabled ? new() : null);

        await using var socket = await RawWebSocket.ConnectAsync(
            server.Address, configure: options => options.DangerousDeflateOptions = new WebSocketDeflateOptions());
        await socket.NextAsync();
        await socket.SendAsync("40");
        await socket.NextAsync();

        Assert.Equal(enabled, socket.ResponseHeaders.ContainsKey("Sec-WebSocket-Extensions"));
        foreach (var length in new[] { 1, 1023, 1024, 100_000 })
        {
            var text = new string('x', length);
            await socket.SendAsync($"42[\"message\",\"{text}\"]");
            Assert.Equal($"42[\"message-back\",\"{text}\"]", (await socket.NextAsync()).Text);
        }
    }

    [Fact]
    [Trait("Behaviour", "32")]
    public async Task PerMessageDeflate_StockClient_ExchangesSmallAndLargeMessages()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho, options => options.PerMessageDeflate = new());
        var client = await Js.ConnectAsync(
            server.Address.ToString(), new { transports = new[] { "websocket" }, perMessageDeflate = new { threshold = 0 } });

        foreach (var length in new[] { 1, 1024, 300_000 })
        {
            var text = new string('x', length);
            Assert.Equal(text, (await client.EmitWithAckAsync("message-with-ack", text)).GetString());
        }
    }
}
