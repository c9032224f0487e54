using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Events;

/// <summary>Events, acks and what is neither, on the wire (sections H and I of the acceptance list).</summary>
public sealed class EventWireTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [InlineData("websocket")]
    [InlineData("polling")]
    public async Task Events_BehindOneThatIsLargerThanMayWait_Arrive(string transport)
    {
        const int Larger = 9_000_000;
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            await socket.EmitAsync("before");
            await socket.EmitAsync("large", new string('x', Larger));
            await socket.EmitAsync("behind");
        }));
        using var polling = transport == "polling" ? await RawPolling.OpenAsync(server.Address) : null;
        await using var socket = transport == "websocket" ? (await RawWebSocket.OpenAsync(server.Address)).Socket : null;
        await (polling?.SendAsync("40") ?? socket!.SendAsync("40"));

        Assert.StartsWith("40{", await NextAsync(), StringComparison.Ordinal);
        Assert.Equal("42[\"before\"]", await NextAsync());
        Assert.Equal(Larger + "42[\"large\",\"\"]".Length, (await NextAsync()).Length);
        Assert.Equal("42[\"behind\"]", await NextAsync());

        async Task<string> NextAsync() => polling is null ? (await socket!.NextAsync()).Text : await polling.NextAsync();
    }

    [Theory]
    [Trait("Behaviour", "60")]
    [InlineData("42[\"message\",1,\"2\",{\"3\":[true]}]", "42[\"message-back\",1,\"2\",{\"3\":[true]}]")]
    [InlineData("42[\"message\",1.50,-0,1e3,\"\\u00e9\",\"é\"]", "42[\"message-back\",1.50,-0,1e3,\"\\u00e9\",\"é\"]")]
    [InlineData("42[\"message\"]", "42[\"message-back\"]")]
    [InlineData("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]", "43456[1,\"2\",{\"3\":[false]}]")]
    public async Task Event_ComesBackByteForByte(string sent, string expected)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync(sent);

        Assert.Equal(expected, (await socket.NextAsync()).Text);
    }

    [Theory]
    [InlineData("452-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
        "452-[\"message-back\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]")]
    [InlineData("452-789[\"message-with-ack\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
        "462-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]")]
    [Trait("Behaviour", "61")]
    [Trait("Behaviour", "70")]
    public async Task Event_WithAttachments_ComesBackWithThem(string sent, string expected)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync(sent);
        await socket.SendAsync([1, 2, 3]);
        await socket.SendAsync([4, 5, 6]);

        Assert.Equal(expected, (await socket.NextAsync()).Text);
        Assert.Equal([1, 2, 3], (await socket.NextAsync()).Bytes);
        Assert.Equal([4, 5, 6], (await socket.NextAsync()).Bytes);
    }

    [Theory]
    [Trait("Behaviour", "62")]
    [InlineData("4abc")]
    [InlineData("4")]
    [InlineData("42")]
    [InlineData("42{}")]
    [InlineData("42abc[\"message-with-ack\",1]")]
    [InlineData("42[]")]
    [InlineData("42[{}]")]
    [InlineData("42[\"message\"")]
    [InlineData("42[\"message\"]]")]
    [InlineData("42[\"connect\"]")]
    [InlineData("42[\"disconnecting\"]")]
    [InlineData("42[\"newListener\"]")]
    [InlineData("4299999999999999999999[\"message\"]")]
    [InlineData("40/custom,[]")]
    [InlineData("40/custom,\"text\"")]
    [InlineData("41{}")]
    [InlineData("44{\"message\":\"refused\"}")]
    [InlineData("45[\"message\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("45x-[\"message\"]")]
    [InlineData("450-[\"message\"]")]
    [InlineData("4511-[\"message\"]")]
    [InlineData("451-[\"message\",{\"_placeholder\":true,\"num\":0}]", "42[\"message\"]")]
    [InlineData("47[\"message\"]")]
    [InlineData("49")]
    public async Task Packet_ThatBreaksARule_ClosesThisConnectionOnly(params string[] frames)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var bystander = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        foreach (var frame in frames)
        {
            await socket.SendIfOpenAsync(frame);
        }

        await socket.WaitForCloseAsync();
        Assert.Empty(socket.Waiting);
        await bystander.SendAsync("42[\"message\",\"still here\"]");
        Assert.Equal("42[\"message-back\",\"still here\"]", (await bystander.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "63")]
    [InlineData(null)]
    [InlineData("451-[\"message\",{\"_placeholder\":true,\"num\":1}]")]
    [InlineData("451-[\"message\",{\"_placeholder\":true,\"num\":-1}]")]
    [InlineData("451-[\"message\",{\"_placeholder\":true,\"num\":\"0\"}]")]
    [InlineData("451-[\"message\",{\"_placeholder\":true,\"num\":0.5}]")]
    [InlineData("451-[\"message\",{\"_placeholder\":true}]")]
    public async Task Binary_ThatBelongsNowhere_ClosesTheConnection(string? header)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        if (header is not null)
        {
            await socket.SendAsync(header);
        }

        await socket.SendIfOpenAsync([1, 2, 3]);

        await socket.WaitForCloseAsync();
    }

    [Theory]
    [Trait("Behaviour", "66")]
    [InlineData("42[\"error\",1]")]
    [InlineData("42[5,1]")]
    [InlineData("42[\"\",1]")]
    [InlineData("42[\"nobody listens\",1]")]
    [InlineData("43999[1]")]
    public async Task Packet_ThatNobodyHandles_IsIgnored(string frame)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await socket.SendAsync(frame);
        await socket.SendAsync("42[\"message\",1]");

        Assert.Equal("42[\"message-back\",1]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "50")]
    public async Task DeepAndLongInput_DisturbsNobody()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        await using var bystander = await RawWebSocket.OpenAndJoinAsync(server.Address);
        string[] attacks =
        [
            $"42[\"message\",{new string('[', 10_000)}{new string(']', 10_000)}]",
            $"40/{new string('n', 900_000)},",
            $"42{new string('9', 900_000)}[\"message\"]",
            $"45{new string('9', 900_000)}-[\"message\"]",
            "42[\"message\",\"\\ud800\"]",
            "42[\"message\",\"\0\"]",
        ];

        foreach (var attack in attacks)
        {
            await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);
            await socket.SendAsync(attack);
        }

        await bystander.SendAsync("42[\"message\",\"still here\"]");
        Assert.Equal("42[\"message-back\",\"still here\"]", (await bystander.NextAsync()).Text);
    }
}
