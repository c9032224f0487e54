using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansRooms.SocketIO;

namespace OrleansRooms.ServerLoad.Servers;

/// <summary>
/// The server that is measured. Every socket is in one room, ten to a room; what one says comes back to its room; <c>GET /broadcast</c>
/// emits to everybody at a rate.
/// </summary>
internal static class RoomsServer
{
    private const int SocketsPerRoom = 10;
    private const int TightSendBuffer = 16 * 1024;

    public static WebApplication Build(int port, bool isQuiet, bool isTight)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Error);

        // What docs/performance.md recommends where requests last as long as connections.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        if (isTight) builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = Listen);
        builder.Services.AddSocketIO(options =>
        {
            // Where bytes are compared there are no others.
            if (isQuiet) options.PingInterval = TimeSpan.FromHours(1);
        });
        var app = builder.Build();
        var io = app.MapSocketIO().Server;
        var sockets = 0;
        io.OnConnection(socket =>
        {
            var room = $"room{(Interlocked.Increment(ref sockets) - 1) / SocketsPerRoom}";
            socket.On("say", (EventContext context) => io.To(room).EmitAsync("said", context.Get<string>(0)));
            socket.On("echo", (EventContext context) => context.AckAsync(context.Get<string>(0)));
            return socket.JoinAsync(room);
        });
        app.MapGet("/broadcast", (int count, int rate, int size, CancellationToken stop) =>
        {
            var text = new string('x', size);
            return Pace.RunAsync(count, rate, () => io.EmitAsync("message", text).AsTask(), stop);
        });
        var meters = new EngineMeters();
        app.Lifetime.ApplicationStopped.Register(meters.Dispose);
        app.MapGet("/ended", () => Results.Text(meters.Ended()));
        app.MapGet("/waiting", () => Results.Text(meters.BytesWaiting().ToString(CultureInfo.InvariantCulture)));
        app.MapGet("/allocated", Allocations.Total);
        app.MapGet("/memory", () => Results.Text(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture)));
        return app;
    }

    // Otherwise the system keeps megabytes for each client that does not read, and little comes back to the server. Connections inherit the
    // size.
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = TightSendBuffer;
        return socket;
    }
}
