using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansRooms.ServerLoad.Servers;

/// <summary>
/// What a broadcast costs at least: Kestrel's WebSockets, to each of which the same bytes are written, one after the other. No rooms, no
/// protocol, nobody who could be slow.
/// </summary>
internal static class BareServer
{
    public static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var sockets = new ConcurrentDictionary<WebSocket, bool>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Map("/socket.io/", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("0{}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            await socket.ReceiveAsync(new byte[16], context.RequestAborted);
            await socket.SendAsync("40{}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            sockets[socket] = true;
            try
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, context.RequestAborted);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                // The run is over.
            }

            sockets.TryRemove(socket, out _);
        });
        app.MapGet("/broadcast", (int count, int rate, int size, CancellationToken stop) =>
        {
            var message = Encoding.UTF8.GetBytes($"42[\"message\",\"{new string('x', size)}\"]");
            return Pace.RunAsync(count, rate, SendAsync, stop);

            async Task SendAsync()
            {
                foreach (var (socket, _) in sockets)
                {
                    await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, stop);
                }
            }
        });
        app.MapGet("/allocated", Allocations.Total);
        return app;
    }
}
