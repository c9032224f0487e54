using OrleansRooms.Hosting;

namespace OrleansRooms.ProbeNode;

/// <summary>The node as a member of a cluster on this machine, set up as the documentation advises.</summary>
internal static class ProbeCluster
{
    public static WebApplication Build(ProbeSettings settings)
    {
        // Without arguments: they are the probe's, not the host's. And not in the working directory, which the host would watch with all
        // that is in it.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(settings.Url);
        if (settings.Mode is ProbeMode.Cohosted)
        {
            builder.Host.UseOrleans(silo => silo
                .UseRoomsClustering(cluster =>
                {
                    cluster.SiloPort = settings.SiloPort;
                    cluster.GatewayPort = settings.GatewayPort;
                    cluster.PrimaryEndpoint = settings.Primary?.ToString();
                })
                .AddRooms());
        }
        else if (settings.Mode is ProbeMode.Frontend)
        {
            builder.AddRoomsClient(cluster =>
            {
                cluster.GatewayPort = settings.GatewayPort;
                cluster.Clustering = settings.Redis is null ? RoomsClustering.Localhost : RoomsClustering.Redis;
                cluster.Redis = settings.Redis;
            });
        }

        builder.Services.AddSingleton<ProbeCounters>();
        var socketIO = builder.Services.AddSocketIO();
        if (settings.Mode is not ProbeMode.Alone)
        {
            socketIO.AddOrleansAdapter(options => options.NodeId = settings.NodeId);
        }

        var app = builder.Build();
        var io = app.MapSocketIO("/socket.io").Server;
        ProbeApp.Prepare(io);
        io.OnConnection(socket => ProbeApp.Listen(io, socket));
        app.Services.GetRequiredService<ProbeCounters>().Map(app);
        return app;
    }
}
