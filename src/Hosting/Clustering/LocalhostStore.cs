using System.Net;
using Orleans.Hosting;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>The memory of one silo; all silos and clients are on this machine.</summary>
internal sealed class LocalhostStore : ClusterStore
{
    public override IEnumerable<string> Failures(RoomsClusterOptions options)
    {
        if (IsElsewhere(options.AdvertisedAddress) || (options.ListenAddress is { } listen && IsElsewhere(listen)))
        {
            yield return "Rooms:Clustering is Localhost, which stays on this machine; set it to Redis or Postgres, or take " +
                "Rooms:AdvertisedAddress and Rooms:ListenAddress away.";
        }
    }

    public override void Configure(ISiloBuilder silo, RoomsClusterOptions options) => silo.UseDevelopmentClustering(
        options.PrimaryEndpoint is { } primary ? IPEndPoint.Parse(primary) : new IPEndPoint(IPAddress.Loopback, options.SiloPort));

    public override void Configure(IClientBuilder client, RoomsClusterOptions options) =>
        client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, options.GatewayPort));

    // There is nothing beside the silos themselves.
    public override Task CheckAsync(RoomsClusterOptions options, CancellationToken cancellationToken) => Task.CompletedTask;

    public override string Describe(RoomsClusterOptions options) => $"at 127.0.0.1:{options.GatewayPort}";

    private static bool IsElsewhere(string address) =>
        !(address == "localhost" || (IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip)));
}
