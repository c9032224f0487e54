using System.Text.Json;

namespace OrleansRooms.Emitter;

/// <summary>How an emitter reaches the servers of a cluster.</summary>
public sealed class SocketIOEmitterOptions
{
    /// <summary>
    /// Keeps applications apart that share one Orleans cluster: only servers with the same key hear this emitter. Default: what
    /// <c>Rooms:ClusterKey</c> of the configuration says, else <c>default</c>.
    /// </summary>
    public string ClusterKey { get; set; } = "default";

    /// <summary>
    /// How .NET values become JSON and the other way round; best the same as on the servers. Default:
    /// <see cref="JsonSerializerDefaults.Web"/>, that is, camel case names and numbers also from text.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// How many binary attachments one event may have; JavaScript clients refuse more than 10 unless they are told otherwise. Default: 10.
    /// </summary>
    public int MaxAttachments { get; set; } = 10;

    /// <summary>
    /// How often the emitter asks which servers live, so that nobody waits for one that died. Default: 1 second.
    /// </summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one call to the cluster may take before it is tried again. Default: 3 seconds.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long <c>SocketsJoinAsync</c> waits for the cluster to know of the joins; then it completes without. Default: 5 seconds.
    /// </summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests wait for answers when the caller does not say. Default: 5 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many requests may wait for answers at once; more are refused. Default: 10,000.</summary>
    public int MaxPendingRequests { get; set; } = 10_000;

    /// <summary>
    /// How many bytes the answers of servers may take, those to all questions that wait together. Beyond that the question with most of
    /// them fails. Default: 256 MiB.
    /// </summary>
    public long MaxAnswerBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// How many messages of one namespace may wait for the cluster, and again for each server. Beyond that volatile messages are dropped,
    /// the oldest first, and then new ones. Default: 100,000.
    /// </summary>
    public int MaxQueuedMessages { get; set; } = 100_000;

    /// <summary>
    /// How many bytes one message to the servers may have, with the names of its rooms; at most 64 MiB, and well below Orleans'
    /// <c>MaxMessageBodySize</c>. A larger one is refused to
    /// its sender with an <see cref="InvalidOperationException"/>. Raised, everything else waits longer behind a large one. Default: 16
    /// MiB.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many bytes of one namespace may wait for the cluster, and again for each server. Default: 64 MiB.</summary>
    public long MaxQueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a stopping process tries to send what still waits. Default: 2 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
