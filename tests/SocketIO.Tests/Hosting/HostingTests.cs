using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.SocketIO.Tests.Hosting;

/// <summary>The server inside an ASP.NET Core application, over real connections.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task MinimalServer_OverWebSocketAndPolling_EchoesToEverybody()
    {
        await using var server = await KestrelServer.StartAsync(use: io => io.OnConnection(socket =>
            socket.On<string>("chat message", async text => await io.EmitAsync("chat message", socket.Id, text))));
        await using var webSocket = await RawWebSocket.OpenAndJoinAsync(server.Address);
        using var polling = await RawPolling.OpenAsync(server.Address);
        await polling.SendAsync("40");
        var connect = await polling.NextAsync();
        var id = connect["""40{"sid":" """.TrimEnd().Length..^2];

        await polling.SendAsync("""42["chat message","hello"]""");

        var expected = $"""42["chat message","{id}","hello"]""";
        Assert.Equal(expected, await polling.NextAsync());
        Assert.Equal(expected, (await webSocket.NextAsync()).Text);
        Assert.Equal(2, server.Io.Engine.ClientsCount);
    }

    [Fact]
    public async Task Server_Injected_IsTheMappedOne()
    {
        await using var server = await KestrelServer.StartAsync();

        Assert.Same(server.Io, server.App.Services.GetRequiredService<ISocketIOServer>());
    }

    [Fact]
    public async Task Host_Stopping_DisconnectsSocketsAndClosesConnections()
    {
        var reasons = new Inbox<string>(() => "the server");
        var server = await KestrelServer.StartAsync(use: io => io.OnConnection(socket =>
            socket.OnDisconnect(reason => reasons.Add(reason.ToProtocolString()))));
        await using var client = await RawWebSocket.OpenAndJoinAsync(server.Address);

        var stopping = server.DisposeAsync().AsTask();

        await client.WaitForCloseAsync();
        await stopping.WaitAsync(Inbox<string>.DefaultTimeout);
        Assert.Equal("server shutting down", await reasons.TakeAsync(_ => true, "the disconnect"));
        Assert.Empty(server.Io.Sockets);
    }

    [Fact]
    public async Task Options_FromConfigurationAndCode_CodeComesLast()
    {
        await using var server = await KestrelServer.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["SocketIO:PingInterval"] = "00:00:07",
                ["SocketIO:ConnectTimeout"] = "00:00:08",
                ["SocketIO:HandlerDispatch"] = "Sequential",
            });
            builder.Services.AddSocketIO(o => o.ConnectTimeout = TimeSpan.FromSeconds(9));
        });

        var options = server.App.Services.GetRequiredService<IOptions<SocketIOOptions>>().Value;

        Assert.Equal(TimeSpan.FromSeconds(7), options.PingInterval);
        Assert.Equal(TimeSpan.FromSeconds(9), options.ConnectTimeout);
        Assert.Equal(HandlerDispatch.Sequential, options.HandlerDispatch);
    }

    [Theory]
    [InlineData("SocketIO:ConnectTimeout", "-00:00:01", "ConnectTimeout is -00:00:01; set it to more than zero and at most one day.")]
    [InlineData("SocketIO:MaxNamespacesPerConnection", "0", "MaxNamespacesPerConnection is 0; set it to 1 or more.")]
    [InlineData("SocketIO:PingTimeout", "00:00:00", "PingTimeout is 00:00:00; set it to more than zero and at most one day.")]
    public async Task Options_ThatDoNotAddUp_StopTheHostFromStarting(string key, string value, string sentence)
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => KestrelServer.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = value });
            builder.Services.AddSocketIO();
        }));

        Assert.Contains(sentence, thrown.Failures);
    }

    [Fact]
    public void MapSocketIO_WithoutAddSocketIO_SaysWhatToDo()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.MapSocketIO());

        Assert.Contains("AddSocketIO()", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddNamespace_IsThereFromTheStart()
    {
        await using var server = await KestrelServer.StartAsync(builder => builder.Services.AddSocketIO()
            .AddNamespace("/chat", ns => ns.OnConnection(socket => socket.JoinAsync("lobby"))));
        await using var client = await RawWebSocket.OpenAndJoinAsync(server.Address);

        await client.SendAsync("40/chat,");

        Assert.StartsWith("""40/chat,{"sid":""", (await client.NextAsync()).Text);
    }
}
