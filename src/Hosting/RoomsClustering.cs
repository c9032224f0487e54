namespace OrleansRooms.Hosting;

/// <summary>Where silos write down that they live, and where others look for them.</summary>
public enum RoomsClustering
{
    /// <summary>
    /// In the memory of one of the silos, all of them on this machine. For development: when that silo ends, so does the cluster.
    /// </summary>
    Localhost,

    /// <summary>In a Redis server.</summary>
    Redis,

    /// <summary>In a PostgreSQL database, which has to be prepared once: the silo does it with <c>--init-database</c>.</summary>
    Postgres,
}
