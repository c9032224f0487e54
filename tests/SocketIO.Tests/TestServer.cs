using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests;

/// <summary>A server without HTTP: its clients are <see cref="TestClient"/>s, and tests see every frame.</summary>
internal sealed class TestServer
{
    public TestServer(
        Action<SocketIOOptions>? configure = null, TimeProvider? timeProvider = null, IAdapterFactory? adapters = null,
        ILoggerFactory? loggers = null, IServiceProvider? services = null, IPacketParser? parser = null, SocketIOMetrics? metrics = null)
    {
        var options = new SocketIOOptions();
        configure?.Invoke(options);
        loggers ??= NullLoggerFactory.Instance;
        timeProvider ??= TimeProvider.System;
        Server = new SocketIOServer(
            options,
            parser ?? new JsonPacketParser(),
            new PacketSerializer(),
            adapters,
            timeProvider,
            loggers,
            Meters,
            metrics ?? new SocketIOMetrics(Meters),
            services ?? new ServiceCollection().BuildServiceProvider());
        Server.Start();
    }

    /// <summary>The instruments of all test servers.</summary>
    public static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider()
        .GetRequiredService<IMeterFactory>();

    public SocketIOServer Server { get; }

    public ISocketIOServer Io => Server;

    /// <summary>A client whose connection is open, but that has entered no namespace.</summary>
    public TestClient Open()
    {
        var client = new TestClient();
        client.Attach(Server.Accept(client));
        return client;
    }

    /// <summary>A client that has entered a namespace and taken its CONNECT.</summary>
    public async Task<TestClient> ConnectAsync(string ns = "/", string? auth = null)
    {
        var client = Open();
        await client.EnterAsync(ns, auth);
        return client;
    }
}
