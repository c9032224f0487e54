using OrleansRooms.Membership;
using OrleansRooms.Messaging;

namespace OrleansRooms.AdapterClient;

/// <summary>How a Socket.IO server takes part in the cluster.</summary>
public sealed class OrleansAdapterOptions
{
    /// <summary>
    /// Keeps applications apart that share one Orleans cluster: only servers with the same key see each other's rooms. Default:
    /// <c>default</c>.
    /// </summary>
    public string ClusterKey { get; set; } = "default";

    /// <summary>
    /// The node's id, which logs, metrics and results name; unique among the living nodes of a cluster key. A process that takes the id of
    /// a living one drives it out. Default: the machine's name with a random suffix.
    /// </summary>
    public string? NodeId { get; set; }

    /// <summary>
    /// How often the node renews its lease and hears who lives. Raised, there are fewer calls and deaths are noticed later. If the silos
    /// grant leases too short for it, the node renews three times per lease. Default: 1 second.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one call to the cluster may take before it is tried again. Default: 3 seconds.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a join waits for the cluster to know of it. After that, or at once while the cluster is known to be away, it completes
    /// without; the cluster learns of it later. Raised, clients wait longer while a silo fails over. Default: 5 seconds.
    /// </summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests to other nodes wait for answers when the caller does not say. Default: 5 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many requests to other nodes may wait for answers at once; more are refused. Default: 10,000.</summary>
    public int MaxPendingRequests { get; set; } = 10_000;

    /// <summary>
    /// How many bytes the answers of other nodes may take, those to all questions that wait together. Beyond that the question with most of
    /// them fails. Default: 256 MiB.
    /// </summary>
    public long MaxAnswerBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// How many messages of one namespace may wait for the cluster, and again for each other node, those that it has not yet acknowledged
    /// included. Beyond that volatile messages are dropped, the oldest first, and then new ones. Default: 100,000.
    /// </summary>
    public int MaxQueuedMessages { get; set; } = 100_000;

    /// <summary>
    /// How many bytes one message to other nodes may have, with the names of its rooms; at most 64 MiB, and well below Orleans'
    /// <c>MaxMessageBodySize</c>. A larger one is refused to
    /// its sender with an <see cref="InvalidOperationException"/>, after this node's own sockets have got it if it is a broadcast. Raised,
    /// everything else waits longer behind a large one. Default: 16 MiB.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many bytes of one namespace may wait for the cluster, again for each other node, and again as answers to each other node.
    /// Default: 64 MiB.
    /// </summary>
    public long MaxQueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many bytes that came from other nodes may wait to be delivered here; more wait where they come from. Raised, a longer pause of
    /// this process costs other nodes no memory. Default: 64 MiB.
    /// </summary>
    public long MaxReceivedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How often each room's owner is asked whether it still knows this node's members, so that whatever it lost is restored. Raised, there
    /// are fewer calls (one per room of this node and interval), and an unnoticed loss lasts longer. Default: 30 seconds.
    /// </summary>
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many rooms may be announced at the same time; an eighth of them is for those for whom nobody waits, such as rooms that this node
    /// is known to be in. Default: 64.
    /// </summary>
    public int MaxConcurrentAnnouncements { get; set; } = 64;

    /// <summary>How long a stopping node tries to send what still waits. Default: 2 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(2);

    internal NodeOptions ToNodeOptions() => new()
    {
        Messaging = ToMessagingOptions(),
        NodeId = NodeId,
        HeartbeatInterval = HeartbeatInterval,
        VerifyInterval = VerifyInterval,
        ShutdownTimeout = ShutdownTimeout,
        MaxConcurrentAnnouncements = MaxConcurrentAnnouncements,
    };

    private MessagingOptions ToMessagingOptions() => new()
    {
        ClusterKey = ClusterKey,
        CallTimeout = CallTimeout,
        JoinTimeout = JoinTimeout,
        IsListed = true,
        MaxPendingRequests = MaxPendingRequests,
        MaxMessageBytes = MaxMessageBytes,
        MaxAnswerBytes = MaxAnswerBytes,
        MaxQueuedMessages = MaxQueuedMessages,
        MaxQueuedBytes = MaxQueuedBytes,
        MaxReceivedBytes = MaxReceivedBytes,
    };
}
