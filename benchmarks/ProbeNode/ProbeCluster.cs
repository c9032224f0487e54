using OrleansRooms.Hosting;

namespace OrleansRooms.ProbeNode;

/// <summary>The node as a member of a cluster on this machine.</summary>
internal static class ProbeCluster
{
    // As src/Silo has them by default, which front-ends connect to.
    private const string ClusterId = "rooms";
    private const string ServiceId = "rooms";

    public static WebApplication Build(ProbeSettings settings)
    {
        // Without arguments: they are the probe's, not the host's.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(settings.Url);
        if (settings.Mode is ProbeMode.Cohosted)
        {
            builder.Host.UseOrleans(silo => silo
                .UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, settings.Primary, ServiceId, ClusterId)
                .AddRooms());
        }
        else if (settings.Redis is { } redis)
        {
            builder.AddRoomsClient(cluster =>
            {
                cluster.Clustering = RoomsClustering.Redis;
                cluster.Redis = redis;
            });
        }
        else if (settings.Mode is ProbeMode.Frontend)
        {
            builder.Host.UseOrleansClient(client => client
                .UseLocalhostClustering(ProbeSettings.FrontendGatewayPort, ServiceId, ClusterId)
                .AddRooms());
        }

        var socketIO = builder.Services.AddSocketIO();
        if (settings.Mode is not ProbeMode.Alone)
        {
            socketIO.AddOrleansAdapter(options => options.NodeId = settings.NodeId);
        }

        var app = builder.Build();
        var io = app.MapSocketIO("/socket.io").Server;
        io.OnConnection(socket => ProbeApp.Listen(io, socket));
        return app;
    }
}
