using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OrleansRooms.SocketIO;

namespace OrleansRooms.TestKit.Hosting;

/// <summary>A Socket.IO server on a port of this machine that the system chose, with its logs kept for the test.</summary>
public sealed class SocketIOTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SocketIOTestServer(WebApplication app, ISocketIOServer io)
    {
        _app = app;
        IO = io;
        Logs = app.Services.GetFakeLogCollector();
    }

    /// <summary>The server itself.</summary>
    public ISocketIOServer IO { get; }

    /// <summary>The services of its host.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Everything logged so far.</summary>
    public FakeLogCollector Logs { get; }

    /// <summary>The messages logged as errors so far, with their exceptions.</summary>
    public IReadOnlyList<string> Errors =>
        [
            .. Logs.GetSnapshot().Where(record => record.Level >= LogLevel.Error)
                .Select(record => $"{record.Category}: {record.Message} {record.Exception}"),
        ];

    /// <summary>Starts a server.</summary>
    /// <param name="io">Registers handlers before the first client can come.</param>
    /// <param name="options">Sets options.</param>
    /// <param name="builder">Adds services and configures the host.</param>
    /// <param name="app">Adds middleware and endpoints before Socket.IO's.</param>
    /// <param name="pattern">Where Socket.IO is mapped.</param>
    /// <param name="endpoint">Adds metadata to Socket.IO's endpoint.</param>
    public static async Task<SocketIOTestServer> StartAsync(
        Action<ISocketIOServer>? io = null,
        Action<SocketIOOptions>? options = null,
        Action<WebApplicationBuilder>? builder = null,
        Action<WebApplication>? app = null,
        string pattern = "/socket.io",
        Action<IEndpointConventionBuilder>? endpoint = null)
    {
        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        web.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        web.Services.AddRoutingCore();
        web.Logging.SetMinimumLevel(LogLevel.Information).AddFakeLogging();
        web.Services.AddSocketIO(options ?? (_ => { }));
        builder?.Invoke(web);
        var built = web.Build();
        app?.Invoke(built);
        var mapped = built.MapSocketIO(pattern);
        endpoint?.Invoke(mapped);
        var server = new SocketIOTestServer(built, mapped.Server);
        io?.Invoke(server.IO);
        await built.StartAsync();
        var addresses = built.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        server.Address = new Uri(addresses.First());
        return server;
    }

    /// <summary>Stops the host as Ctrl+C would.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>
    /// Stops the host without waiting for clients that do not come back for the news: a test that is over has left those that it drove
    /// itself between two polls.
    /// </summary>
    public async Task StopSoonAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        await _app.StopAsync(patience.Token).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
    }

    /// <summary>A client for plain HTTP requests to the server.</summary>
    public HttpClient CreateHttpClient() => new() { BaseAddress = Address };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
