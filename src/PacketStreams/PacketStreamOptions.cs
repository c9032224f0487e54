namespace OrleansRooms.PacketStreams;

/// <summary>
/// What carries packets between nodes. All silos and clients of a cluster need the same <see cref="ProviderName"/>; the rest is a matter
/// of each silo.
/// </summary>
public sealed class PacketStreamOptions
{
    /// <summary>
    /// The name of an Orleans stream provider of the application that carries packets, registered on all silos and clients. Default:
    /// <see langword="null"/>, the provider that <c>AddRooms</c> brings.
    /// </summary>
    public string? ProviderName { get; set; }

    /// <summary>
    /// How many bytes may wait for one node in its home silo; beyond that publishers have to wait. Raised, a node may fall behind further
    /// before it slows its publishers, for more memory. Default: 16 MiB.
    /// </summary>
    public long MaxQueuedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many envelopes may wait for one node in its home silo, however small they are. Default: 50,000.</summary>
    public int MaxQueuedEnvelopes { get; set; } = 50_000;

    /// <summary>
    /// How long a stream of which nothing is read stays open. A node reads at least its own probes; so it is gone, and what waits for it
    /// is given up. Default: 30 seconds.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many streams may have their home in one silo: one for each node, and for a while a former one of a node that moved. Default:
    /// 1000.
    /// </summary>
    public int MaxStreams { get; set; } = 1000;
}
