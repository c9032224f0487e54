using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    [Theory]
    [InlineData("/Acme, Inc.")]
    [InlineData(",")]
    public async Task Namespace_ThatNoClientCanReach_IsRefused(string name)
    {
        await using var server = await KestrelServer.StartAsync();

        var refusal = Assert.Throws<ArgumentException>(() => server.Io.Of(name));

        Assert.Contains("a comma ends the name", refusal.Message, StringComparison.Ordinal);
        Assert.Single(server.Io.Namespaces);
    }

    [Theory]
    [InlineData(null, 16 * 1024)]
    [InlineData(4 * 1024, 4 * 1024)]
    [InlineData(64 * 1024, 64 * 1024)]
    public async Task RequestLine_MayBeAsLongAsInNode_UnlessTheApplicationSaysOtherwise(int? own, int expected)
    {
        await using var server = await KestrelServer.StartAsync(builder =>
        {
            if (own is { } size) builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = size);
            builder.Services.AddSocketIO();
        });

        Assert.Equal(expected, server.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestLineSize);
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

    [Fact]
    public async Task Options_AllKinds_CanBeSetByConfiguration()
    {
        const string json = """
            {
              "SocketIO": {
                "PingTimeout": "00:00:03", "MaxHttpBufferSize": 5000, "Transports": "Polling, WebSocket", "AllowUpgrades": false,
                "InitialPacket": "hello", "HttpCompression": false, "AddTrailingSlash": false, "MaxSessions": 10,
                "MaxBufferedBytesPerSession": 2048,
                "PerMessageDeflate": { "Threshold": 10, "ServerMaxWindowBits": 9 },
                "Cookie": { "SecurePolicy": "Always" },
                "Cors": { "Origins": ["https://a.example", "https://b.example"], "Methods": ["GET", "POST"], "SupportsCredentials": true },
                "ConnectionStateRecovery": { "MaxPackets": 5 },
                "Json": { "MaxAttachments": 20, "MaxDepth": 30 }
              }
            }
            """;
        await using var server = await KestrelServer.StartAsync(builder =>
        {
            builder.Configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
            builder.Services.AddSocketIO();
        });

        var options = server.App.Services.GetRequiredService<IOptions<SocketIOOptions>>().Value;
        var parser = server.App.Services.GetRequiredService<IOptions<JsonParserOptions>>().Value;

        Assert.Equal(TimeSpan.FromSeconds(3), options.PingTimeout);
        Assert.Equal((5000, 10, 2048L), (options.MaxHttpBufferSize, options.MaxSessions, options.MaxBufferedBytesPerSession));
        Assert.Equal(OrleansRooms.EngineIO.EngineTransport.All, options.Transports);
        Assert.False(options.AllowUpgrades);
        Assert.False(options.AddTrailingSlash);
        Assert.Equal("hello", options.InitialPacket);
        Assert.Null(options.HttpCompression);
        Assert.Equal((10, 9), (options.PerMessageDeflate!.Threshold, options.PerMessageDeflate.ServerMaxWindowBits));
        Assert.Equal(("io", "/", true), (options.Cookie!.Name, options.Cookie.Path, options.Cookie.HttpOnly));
        Assert.Equal(Microsoft.AspNetCore.Http.CookieSecurePolicy.Always, options.Cookie.SecurePolicy);
        Assert.Equal(["https://a.example", "https://b.example"], options.Cors!.Origins);
        Assert.Equal(["GET", "POST"], options.Cors.Methods);
        Assert.True(options.Cors.SupportsCredentials);
        Assert.Equal(5, options.ConnectionStateRecovery!.MaxPackets);
        Assert.Equal((20, 30), (parser.MaxAttachments, parser.MaxDepth));
    }

    [Fact]
    public async Task NamedServer_HasItsOwnMeters()
    {
        await using var server = await KestrelServer.StartAsync(
            builder =>
            {
                builder.Services.AddSocketIO();
                builder.Services.AddSocketIO("devices");
            },
            pipeline: app => app.MapSocketIO("/devices", "devices"));
        var meters = server.App.Services.GetRequiredService<IMeterFactory>();
        List<(string? Server, long Change)> measured = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "orleansrooms.engineio.sessions")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, change, _, _) =>
        {
            var tag = instrument.Meter.Tags?.SingleOrDefault(tag => tag.Key == "orleansrooms.server");
            lock (measured)
            {
                measured.Add(((string?)tag?.Value, change));
            }
        });
        listener.Start();

        using var device = await RawPolling.OpenAsync(server.Address, "/devices/");
        using var web = await RawPolling.OpenAsync(server.Address);

        Assert.Equal([("devices", 1), (null, 1)], measured);
    }

    [Fact]
    public async Task NamedServer_HasItsOwnOptionsNamespacesAndClients()
    {
        ISocketIOServer devices = null!;
        await using var server = await KestrelServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["SocketIO:PingInterval"] = "00:00:07",
                    ["SocketIO:Servers:devices:PingInterval"] = "00:00:08",
                    ["SocketIO:Servers:devices:Json:MaxDepth"] = "9",
                });
                builder.Services.AddSocketIO().AddNamespace("/web", _ => { });
                builder.Services.AddSocketIO("devices", o => o.InitialPacket = "hello").AddNamespace("/sensors", _ => { })
                    .AddJsonParser(o => o.MaxAttachments = 3);
                builder.Services.AddSocketIO("devices", o => o.AllowUpgrades = false);
            },
            pipeline: app => devices = app.MapSocketIO("/devices", "devices").Server);
        var services = server.App.Services;

        using var web = await RawPolling.OpenAsync(server.Address);
        using var device = await RawPolling.OpenAsync(server.Address, "/devices/");

        Assert.Same(devices, services.GetRequiredKeyedService<ISocketIOServer>("devices"));
        Assert.NotSame(devices, server.Io);
        Assert.Equal((1, 1), (server.Io.Engine.ClientsCount, devices.Engine.ClientsCount));
        Assert.Equal(
            (7000, 8000), (web.Handshake.GetProperty("pingInterval").GetInt32(), device.Handshake.GetProperty("pingInterval").GetInt32()));
        Assert.Equal(
            (1, 0), (web.Handshake.GetProperty("upgrades").GetArrayLength(), device.Handshake.GetProperty("upgrades").GetArrayLength()));
        Assert.Equal(["/", "/web"], server.Io.Namespaces.Select(ns => ns.Name).Order());
        Assert.Equal(["/", "/sensors"], devices.Namespaces.Select(ns => ns.Name).Order());
        var parser = services.GetRequiredService<IOptionsMonitor<JsonParserOptions>>();
        Assert.Equal(
            (10, 256, 3, 9),
            (parser.Get("").MaxAttachments, parser.Get("").MaxDepth, parser.Get("devices").MaxAttachments, parser.Get("devices").MaxDepth));
    }

    [Fact]
    public async Task NamedServer_WithBadOptions_StopsTheHostFromStarting()
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => KestrelServer.StartAsync(builder =>
        {
            builder.Services.AddSocketIO();
            builder.Services.AddSocketIO("devices", o => o.MaxSessions = 0);
        }));

        Assert.Contains("MaxSessions is 0; set it to 1 or more.", thrown.Failures);
    }

    [Fact]
    public void MapSocketIO_OfANameThatIsNotThere_SaysWhatToDo()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO();

        var thrown = Assert.Throws<InvalidOperationException>(() => builder.Build().MapSocketIO("/devices", "devices"));

        Assert.Contains("AddSocketIO(\"devices\")", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_Features_AreTurnedOnByTrue()
    {
        await using var server = await KestrelServer.StartAsync(builder =>
        {
            string[] features = ["Cookie", "PerMessageDeflate", "HttpCompression", "ConnectionStateRecovery"];
            builder.Configuration.AddInMemoryCollection(features.ToDictionary(feature => $"SocketIO:{feature}", string? (_) => "true"));
            builder.Services.AddSocketIO();
        });

        var options = server.App.Services.GetRequiredService<IOptions<SocketIOOptions>>().Value;

        Assert.Equal("io", options.Cookie!.Name);
        Assert.NotNull(options.PerMessageDeflate);
        Assert.NotNull(options.HttpCompression);
        Assert.NotNull(options.ConnectionStateRecovery);
    }

    [Theory]
    [InlineData("SocketIO:Json:MaxDepth", "0", "MaxDepth is 0; set it to 1 or more.")]
    [InlineData("SocketIO:Json:MaxAttachments", "0", "MaxAttachments is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxBufferedBytesPerSession", "10", "MaxBufferedBytesPerSession is 10; set it to 1024 or more.")]
    [InlineData("SocketIO:MaxSessions", "0", "MaxSessions is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxWaitingEvents", "0", "MaxWaitingEvents is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxWaitingBytes", "0", "MaxWaitingBytes is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxPendingAcks", "0", "MaxPendingAcks is 0; set it to 1 or more.")]
    [InlineData("SocketIO:ConnectTimeout", "-00:00:01", "ConnectTimeout is -00:00:01; set it to more than zero and at most one day.")]
    [InlineData("SocketIO:MaxNamespacesPerConnection", "0", "MaxNamespacesPerConnection is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxRoomNameBytes", "19",
        "MaxRoomNameBytes is 19; set it to 20, as long as the id of a socket, or more, and to 1048576 at most.")]
    [InlineData("SocketIO:MaxRoomNameBytes", "1048577",
        "MaxRoomNameBytes is 1048577; set it to 20, as long as the id of a socket, or more, and to 1048576 at most.")]
    [InlineData("SocketIO:MaxRoomsPerSocket", "0", "MaxRoomsPerSocket is 0; set it to 1 or more.")]
    [InlineData("SocketIO:MaxAuthBytes", "0", "MaxAuthBytes is 0; set it to 1 or more.")]
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
