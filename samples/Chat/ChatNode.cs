using OrleansRooms.SocketIO;

namespace OrleansRooms.Samples.Chat;

/// <summary>A node: a web server with the page and Socket.IO on it. It is a client of the silo and may come and go.</summary>
internal static class ChatNode
{
    public static IHost Create(ChatSettings settings, Uri url)
    {
        ChatPorts.ThrowIfTaken(url.Port, settings.Role == "all" ? "--nodes" : "--urls");
        var name = settings.NameOf(url);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(url.ToString());
        builder.Host.UseOrleansClient(client => client.UseLocalhostClustering(settings.GatewayPort).AddRooms());
        builder.Services.AddSocketIO().AddOrleansAdapter(options => options.NodeId = name);

        var app = builder.Build();
        app.UseFileServer();
        app.MapGet("/node", () => new { name, others = settings.Nodes.Where(other => other != url) });

        var io = app.MapSocketIO("/socket.io").Server;
        io.OnConnection(socket => new ChatConnection(io, socket, name).Listen());
        io.OnRoomSizeChanged(size => io.Local.To(size.Room).EmitAsync("members", new { room = size.Room, count = size.Sockets }));

        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{name,-12} {string.Join(' ', app.Urls)}"));
        return app;
    }
}
