using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OrleansRooms.EngineIO.Hosting;
using OrleansRooms.TestKit;

namespace OrleansRooms.EngineIO.Tests.Hosting;

/// <summary>A real Kestrel on a port of the system's choice with an Engine.IO server that echoes every message.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EchoAcceptor _acceptor;
    private readonly FakeLogCollector _logs;

    private EngineHost(WebApplication app, EngineIOServer server, EchoAcceptor acceptor, FakeLogCollector logs)
    {
        _app = app;
        _acceptor = acceptor;
        _logs = logs;
        Server = server;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = Inbox<int>.DefaultTimeout };
    }

    public Uri Address { get; }

    /// <summary>A client without cookies of its own and without automatic decompression.</summary>
    public HttpClient Http { get; }

    public EngineIOServer Server { get; }

    /// <summary>The sessions in the order of their handshakes.</summary>
    public Inbox<EchoSession> Sessions => _acceptor.Sessions;

    /// <summary>What was logged as a warning or worse.</summary>
    public IReadOnlyList<FakeLogRecord> Complaints => [.. _logs.GetSnapshot().Where(record => record.Level >= LogLevel.Warning)];

    /// <summary>Collects what an instrument of the server measures.</summary>
    public MetricCollector<long> Collect(string instrument) =>
        new(_app.Services.GetRequiredService<IMeterFactory>(), EngineIOMetrics.MeterName, instrument);

    /// <summary>Calls back on the thread that measures, while it measures, until the result is disposed of.</summary>
    public IDisposable WhenMeasured(string instrument, Action callback)
    {
        var meters = _app.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Scope == meters && published.Name == instrument) self.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => callback());
        listener.Start();
        return listener;
    }

    public Task<EchoSession> NextSessionAsync() => Sessions.TakeAsync(_ => true, "a session");

    public static async Task<EngineHost> StartAsync(
        Action<EngineIOOptions>? configure = null,
        string path = "/socket.io",
        Action<WebApplicationBuilder>? services = null,
        Action<WebApplication>? pipeline = null,
        Action<IEndpointConventionBuilder>? endpoint = null,
        Action<ListenOptions>? listen = null,
        Action<EchoSession>? onAccept = null,
        TimeProvider? time = null)
    {
        var options = new EngineIOOptions();
        configure?.Invoke(options);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, binding => listen?.Invoke(binding)));
        services?.Invoke(builder);

        var app = builder.Build();
        var acceptor = new EchoAcceptor(onAccept);
        var server = new EngineIOServer(
            options,
            acceptor,
            time ?? TimeProvider.System,
            app.Services.GetRequiredService<ILoggerFactory>(),
            app.Services.GetRequiredService<IMeterFactory>());

        pipeline?.Invoke(app);
        var mapped = app.MapEngineIO(path, server);
        endpoint?.Invoke(mapped);
        await app.StartAsync();
        return new EngineHost(app, server, acceptor, app.Services.GetFakeLogCollector());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // A client that a test has left between two polls would have two seconds to hear of the end.
        _acceptor.Abort();
        await Server.DisposeAsync().AsTask().WaitAsync(Inbox<int>.DefaultTimeout);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
