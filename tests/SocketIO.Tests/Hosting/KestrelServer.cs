using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Tests.Hosting;

/// <summary>An application with a Socket.IO server on a port that the system chose.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private KestrelServer(WebApplication app, ISocketIOServer io)
    {
        App = app;
        Io = io;
    }

    public WebApplication App { get; }

    public ISocketIOServer Io { get; }

    public Uri Address => new(App.Urls.Single());

    public static async Task<KestrelServer> StartAsync(
        Action<WebApplicationBuilder>? build = null, Action<ISocketIOServer>? use = null, Action<WebApplication>? pipeline = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (build is null)
        {
            builder.Services.AddSocketIO();
        }
        else
        {
            build(builder);
        }

        var app = builder.Build();
        pipeline?.Invoke(app);
        var io = app.MapSocketIO("/socket.io").Server;
        use?.Invoke(io);
        await app.StartAsync();
        return new KestrelServer(app, io);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
