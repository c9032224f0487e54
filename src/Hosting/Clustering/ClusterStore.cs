using Orleans.Hosting;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>One way in which silos find each other and clients find silos.</summary>
internal abstract class ClusterStore
{
    public static ClusterStore Of(RoomsClustering clustering) => clustering switch
    {
        RoomsClustering.Redis => new RedisStore(),
        RoomsClustering.Postgres => new PostgresStore(),
        _ => new LocalhostStore(),
    };

    /// <summary>What is wrong with the settings that concern this store, a sentence each.</summary>
    public abstract IEnumerable<string> Failures(RoomsClusterOptions options);

    /// <summary>Makes a silo use it. Ids and endpoints are not its business unless the store brings its own.</summary>
    public abstract void Configure(ISiloBuilder silo, RoomsClusterOptions options);

    /// <summary>Makes a client use it.</summary>
    public abstract void Configure(IClientBuilder client, RoomsClusterOptions options);

    /// <summary>Sees whether the store answers and is ready to be used.</summary>
    /// <exception cref="RoomsStartException">It does not, or is not.</exception>
    public abstract Task CheckAsync(RoomsClusterOptions options, CancellationToken cancellationToken);

    /// <summary>The store in a few words for a message, without secrets.</summary>
    public abstract string Describe(RoomsClusterOptions options);
}
