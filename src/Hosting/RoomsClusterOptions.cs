namespace OrleansRooms.Hosting;

/// <summary>
/// Which cluster a process belongs to, and for silos where they listen. Read from the section <c>Rooms</c> of the configuration, which
/// silos, nodes and emitters may share: each takes from it what concerns it.
/// </summary>
public sealed class RoomsClusterOptions
{
    /// <summary>The section of the configuration: <c>Rooms</c>.</summary>
    public const string Section = "Rooms";

    /// <summary>Where silos write down that they live. Default: <see cref="RoomsClustering.Localhost"/>.</summary>
    public RoomsClustering Clustering { get; set; }

    /// <summary>
    /// For <see cref="RoomsClustering.Redis"/>: the server, as StackExchange.Redis writes it, such as <c>redis:6379,password=...</c>.
    /// Treated as a secret. Default: none.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>
    /// For <see cref="RoomsClustering.Postgres"/>: the database, as Npgsql writes it, such as
    /// <c>Host=db;Database=rooms;Username=rooms;Password=...</c>. Treated as a secret. Default: none.
    /// </summary>
    public string? Postgres { get; set; }

    /// <summary>The cluster; silos and clients of one cluster name the same. Default: <c>rooms</c>.</summary>
    public string ClusterId { get; set; } = "rooms";

    /// <summary>The service, which outlives clusters; the same for all silos and clients. Default: <c>rooms</c>.</summary>
    public string ServiceId { get; set; } = "rooms";

    /// <summary>For silos: the port for other silos. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>
    /// For silos: the port for nodes, emitters and other Orleans clients. For clients with <see cref="RoomsClustering.Localhost"/>: the
    /// port at which they find the silo. Default: 30000.
    /// </summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// For silos: the address, or a host name that resolves to it, under which other silos and clients reach this one. Nothing but this
    /// machine reaches it unless this is set. Default: <c>127.0.0.1</c>.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// For silos: the address to listen on where it differs from <see cref="AdvertisedAddress"/>, as behind address translation;
    /// <c>0.0.0.0</c> is every one of the machine. Default: none, the advertised one.
    /// </summary>
    public string? ListenAddress { get; set; }

    /// <summary>
    /// For silos with <see cref="RoomsClustering.Localhost"/>: the address and silo port of the silo that keeps the list of silos, such as
    /// <c>127.0.0.1:11111</c>. Default: none, this silo keeps it.
    /// </summary>
    public string? PrimaryEndpoint { get; set; }

    /// <summary>
    /// For clients: how long the start waits for a silo of the cluster to answer, trying again and again, before it fails. Default: 1
    /// minute.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
