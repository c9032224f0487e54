using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>
/// How often silos tell one another how busy they are. Each tells every other, so that this alone grows with the square of their number; it
/// serves the placement of grains that have no place of their own, and a room's owner comes up where the room is first spoken of.
/// </summary>
internal static class LoadReports
{
    // Orleans: 1 s. What it costs is that new shards and namespaces may be placed by a picture that is so old.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static void Apply(ISiloBuilder silo) =>
        silo.Configure<DeploymentLoadPublisherOptions>(options => options.DeploymentLoadPublisherRefreshTime = Interval);
}
