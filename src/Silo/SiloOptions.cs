namespace OrleansRooms.Silo;

/// <summary>Where a silo listens and which cluster it joins. Read from the section <c>Rooms</c> of the configuration.</summary>
internal sealed class SiloOptions
{
    public const string Section = "Rooms";

    /// <summary>The cluster to join; silos and clients of one cluster name the same. Default: <c>rooms</c>.</summary>
    public string ClusterId { get; set; } = "rooms";

    /// <summary>The service, which outlives clusters. Default: <c>rooms</c>.</summary>
    public string ServiceId { get; set; } = "rooms";

    /// <summary>The port for other silos. Default: 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for nodes, emitters and other Orleans clients. Default: 30000.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The address and silo port of the silo that keeps the list of silos, such as <c>127.0.0.1:11111</c>. Default: none, this silo keeps it.
    /// </summary>
    public string? PrimaryEndpoint { get; set; }
}
