using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Namespaces;

/// <summary>CONNECT and DISCONNECT on the wire (section G of the acceptance list).</summary>
public sealed class NamespaceWireTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [Trait("Behaviour", "51")]
    [InlineData("40", "{}")]
    [InlineData("40{\"token\":\"123\"}", "{\"token\":\"123\"}")]
    public async Task Connect_MainNamespace_AnswersWithTheSid(string connect, string auth)
    {
        var server = await StartAsync(SuiteServer.Configure);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync(connect);

        var answer = (await socket.NextAsync()).Text;
        Assert.Equal("40", answer[..2]);
        Assert.Equal(["sid"], Parse(answer[2..]).EnumerateObject().Select(property => property.Name));
        Assert.Equal($"42[\"auth\",{auth}]", (await socket.NextAsync()).Text);
    }

    [Theory]
    [Trait("Behaviour", "52")]
    [InlineData("40/custom,", "{}")]
    [InlineData("40/custom", "{}")]
    [InlineData("40/custom,{\"token\":\"abc\"}", "{\"token\":\"abc\"}")]
    public async Task Connect_CustomNamespace_AnswersInIt(string connect, string auth)
    {
        var server = await StartAsync(SuiteServer.Configure);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync(connect);

        Assert.StartsWith("40/custom,{\"sid\":", (await socket.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal($"42/custom,[\"auth\",{auth}]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "53")]
    public async Task Connect_UnknownNamespace_IsRefusedAndOthersCanBeJoined()
    {
        var server = await StartAsync(SuiteServer.Configure);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync("40/random");
        Assert.Equal("44/random,{\"message\":\"Invalid namespace\"}", (await socket.NextAsync()).Text);
        await socket.SendAsync("40");

        Assert.StartsWith("40{\"sid\":", (await socket.NextAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Behaviour", "54")]
    public async Task Ids_OfSessionAndNamespaces_AllDiffer()
    {
        var server = await StartAsync(SuiteServer.Configure);
        var (socket, handshake) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync("40");
        var main = Parse((await socket.NextAsync()).Text[2..]).GetProperty("sid").GetString();
        await socket.NextAsync();
        await socket.SendAsync("40/custom,");
        var custom = Parse((await socket.NextAsync()).Text["40/custom,".Length..]).GetProperty("sid").GetString();

        Assert.Equal(3, new HashSet<string?> { handshake.GetProperty("sid").GetString(), main, custom }.Count);
        Assert.Equal(20, main!.Length);
    }

    [Fact]
    [Trait("Behaviour", "54")]
    public async Task Id_OfAClient_IsTheServers()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.EmitAsync("id", socket.Id)));

        var client = await Js.ConnectAsync(server.Address.ToString());

        Assert.Equal((await client.StateAsync()).Id, (await client.NextAsync("id")).Get<string>());
    }

    [Theory]
    [Trait("Behaviour", "55")]
    [InlineData("40", "40")]
    [InlineData("42[\"message\"]")]
    [InlineData("43/custom,1[]")]
    [InlineData("40", "41", "42[\"message\"]")]
    [InlineData("40", "42/custom,[\"message\"]")]
    public async Task Packet_OutOfTurn_ClosesTheConnection(params string[] packets)
    {
        var server = await StartAsync(SuiteServer.Configure);
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        foreach (var packet in packets)
        {
            await socket.SendIfOpenAsync(packet);
        }

        await socket.WaitForCloseAsync();
    }

    [Fact]
    [Trait("Behaviour", "55")]
    public async Task Packet_OutOfTurnByPolling_IsAnsweredWithNoopAndClose()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        Assert.StartsWith("40", await polling.NextAsync(), StringComparison.Ordinal);

        await polling.SendAsync("40");
        using var response = await polling.GetAsync();

        Assert.Equal("6\u001e1", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    [Trait("Behaviour", "55")]
    public async Task Event_WhileAMiddlewareRuns_ClosesTheConnection()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connected = false;
        var server = await StartAsync(io =>
        {
            io.Use(async (_, next) =>
            {
                await release.Task;
                await next();
            });
            io.OnConnection(_ => connected = true);
        });
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address);
        await using var opened = socket;

        await socket.SendAsync("40");
        await socket.SendIfOpenAsync("42[\"message\"]");
        await socket.WaitForCloseAsync();
        release.SetResult();
        await server.StopAsync();

        Assert.False(connected);
    }

    [Fact]
    [Trait("Behaviour", "56")]
    public async Task Disconnect_FromOneNamespace_LeavesTheOthers()
    {
        var server = await StartAsync(SuiteServer.Configure);
        await using var socket = await RawWebSocket.OpenAndJoinAsync(server.Address);
        await socket.NextAsync();
        await socket.SendAsync("40/custom,");
        await socket.NextAsync();
        await socket.NextAsync();

        await socket.SendAsync("41/custom");
        await socket.SendAsync("42[\"message\",\"hello\"]");

        Assert.Equal("42[\"message-back\",\"hello\"]", (await socket.NextAsync()).Text);
    }

    [Fact]
    [Trait("Behaviour", "56")]
    public async Task Disconnect_FromTheOnlyNamespace_IsNotAnsweredAndKeepsTheHeartbeat()
    {
        var server = await StartAsync(options: options =>
        {
            options.PingInterval = TimeSpan.FromMilliseconds(100);
            options.PingTimeout = TimeSpan.FromSeconds(30);
        });
        var (socket, _) = await RawWebSocket.OpenAsync(server.Address, answerPings: false);
        await using var opened = socket;
        await socket.SendAsync("40");
        await socket.NextAsync(frame => frame.Text.StartsWith("40", StringComparison.Ordinal), "the answer to CONNECT");

        await socket.SendAsync("41");

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("2", (await socket.NextAsync()).Text);
            await socket.SendAsync("3");
        }
    }
}
