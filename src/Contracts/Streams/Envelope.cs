using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// One cluster message between nodes: a packet with its rooms and flags, a request, a response, or a notice of the directory.
/// The payload is opaque on the way; only the nodes at both ends look into it.
/// </summary>
/// <remarks>
/// Wire format, described in docs/protocol/adapter-envelope.md. Ids are never reused; unknown kinds are ignored and counted.
/// </remarks>
[GenerateSerializer]
[Immutable]
[Alias("rooms.envelope")]
public sealed record Envelope
{
    /// <summary>What the envelope is.</summary>
    [Id(0)]
    public required EnvelopeKind Kind { get; init; }

    /// <summary>The namespace it concerns.</summary>
    [Id(1)]
    public required string Namespace { get; init; }

    /// <summary>The rooms addressed; empty for the whole namespace.</summary>
    [Id(2)]
    public string[] Rooms { get; init; } = [];

    /// <summary>The rooms left out.</summary>
    [Id(3)]
    public string[] Except { get; init; } = [];

    /// <summary>How the packet is to be sent to each socket.</summary>
    [Id(4)]
    public EnvelopeFlags Flags { get; init; }

    /// <summary>The packet's JSON payload, or what a request or response carries.</summary>
    [Id(5)]
    public byte[] Payload { get; init; } = [];

    /// <summary>The packet's attachments.</summary>
    [Id(6)]
    public byte[][] Attachments { get; init; } = [];

    /// <summary>
    /// For requests and responses: the requester's number for the request; 0 otherwise. A <see cref="EnvelopeKind.SocketsJoin"/> with a
    /// number asks for <see cref="EnvelopeKind.SocketsJoined"/>.
    /// </summary>
    [Id(7)]
    public long RequestId { get; init; }

    /// <summary>The rooms to join or leave, the room a notice is about, or the rooms whose routes are to be dropped.</summary>
    [Id(8)]
    public string[] Targets { get; init; } = [];

    /// <summary>
    /// A count, by kind: sockets asked; a room's size; 0 for the last part of a response and more for others; 1 for an answer and 0 for
    /// none.
    /// </summary>
    [Id(9)]
    public int Count { get; init; }

    /// <summary>
    /// For notices: orders notices about the same subject; higher is newer. For <see cref="EnvelopeKind.DropRoutes"/>: a generation.
    /// </summary>
    [Id(10)]
    public long Version { get; init; }

    /// <summary>For requests: how long the requester waits, in milliseconds; 0 when it does not say.</summary>
    [Id(11)]
    public long TimeoutMilliseconds { get; init; }

    /// <summary>The trace that the sending belongs to, as W3C's <c>traceparent</c>; null unless the sender records traces.</summary>
    [Id(12)]
    public string? TraceParent { get; init; }
}

/// <summary>What an envelope is.</summary>
[GenerateSerializer]
[Alias("rooms.envelope-kind")]
public enum EnvelopeKind
{
    /// <summary>Not set; never sent.</summary>
    None = 0,

    /// <summary>An event for sockets.</summary>
    Broadcast = 1,

    /// <summary>Matching sockets join <see cref="Envelope.Targets"/>.</summary>
    SocketsJoin = 2,

    /// <summary>Matching sockets leave <see cref="Envelope.Targets"/>.</summary>
    SocketsLeave = 3,

    /// <summary>Matching sockets are disconnected.</summary>
    DisconnectSockets = 4,

    /// <summary>An event for the namespace's handlers on the node.</summary>
    ServerSideEmit = 5,

    /// <summary>Request: an event for sockets that asks for acks.</summary>
    BroadcastWithAck = 6,

    /// <summary>Response: how many sockets were asked.</summary>
    BroadcastAckCount = 7,

    /// <summary>Response: one socket's ack.</summary>
    BroadcastAck = 8,

    /// <summary>Request: describe matching sockets.</summary>
    FetchSockets = 9,

    /// <summary>Response: the descriptions.</summary>
    FetchSocketsResponse = 10,

    /// <summary>Request: an event for the namespace's handlers that asks for an answer.</summary>
    ServerSideEmitRequest = 11,

    /// <summary>Response: the answer of one node's handler.</summary>
    ServerSideEmitResponse = 12,

    /// <summary>Notice from a room's owner: the size of <see cref="Envelope.Targets"/>[0] is <see cref="Envelope.Count"/>.</summary>
    RoomSizeChanged = 13,

    /// <summary>Response: the rooms' owners know of the joins that a <see cref="SocketsJoin"/> brought about.</summary>
    SocketsJoined = 14,

    /// <summary>
    /// Request: the node drops the routes that it keeps of <see cref="Envelope.Targets"/>; without any, all that it was given before the
    /// generation <see cref="Envelope.Version"/>, whatever the namespace.
    /// </summary>
    DropRoutes = 15,

    /// <summary>Response: the node sends by those routes no more.</summary>
    RoutesDropped = 16,

    /// <summary>The requester waits no longer for the acks of its <see cref="BroadcastWithAck"/> of this number.</summary>
    ForgetAcks = 17,
}

/// <summary>How a packet is to be sent to each socket.</summary>
[Flags]
[GenerateSerializer]
[Alias("rooms.envelope-flags")]
public enum EnvelopeFlags
{
    /// <summary>Reliably.</summary>
    None = 0,

    /// <summary>Dropped for sockets whose connection cannot take it now.</summary>
    Volatile = 1,

    /// <summary>Never compressed.</summary>
    NoCompress = 2,

    /// <summary>For <see cref="EnvelopeKind.DisconnectSockets"/>: close the connections as well.</summary>
    CloseConnection = 4,

    /// <summary>
    /// For responses: the node could not do what was asked; for a <see cref="EnvelopeKind.BroadcastAck"/>: could not carry the answer.
    /// </summary>
    Failed = 8,

    /// <summary>For a part of a response: the next part continues where this one was cut.</summary>
    Continues = 16,
}

/// <summary>
/// What travels on a packet stream: envelopes of one publisher, in its order, and how far it has read the other direction.
/// </summary>
/// <remarks>Docs/protocol/adapter-envelope.md says how numbers and acknowledgements make a link lose and double nothing.</remarks>
/// <param name="From">The publisher; notices of the directory come from a node identity with an empty id.</param>
/// <param name="Envelopes">The envelopes; none when there are only acknowledgements to tell.</param>
/// <param name="Sequence">
/// The number of the first envelope, or of the next one to come; the publisher's run counts those for the receiver's run, so that what
/// arrives twice or is missing is recognised. 0 when the publisher does not count.
/// </param>
/// <param name="Oldest">The lowest number that the publisher may still send: what is below was acknowledged, or never had a number.</param>
/// <param name="Acknowledged">Everything that the receiver of this batch sent to its publisher has arrived up to this number.</param>
/// <param name="Flags">What the publisher asks of the receiver.</param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.envelope-batch")]
public sealed record EnvelopeBatch(
    [property: Id(0)] NodeIdentity From,
    [property: Id(1)] Envelope[] Envelopes,
    [property: Id(2)] long Sequence = 0,
    [property: Id(3)] long Oldest = 0,
    [property: Id(4)] long Acknowledged = 0,
    [property: Id(5)] LinkFlags Flags = LinkFlags.None)
{
    /// <summary>Where answers to the publisher go, if no view of the directory says so: emitters are in none.</summary>
    [Id(6)]
    public PacketStreamAddress? ReplyTo { get; init; }
}

/// <summary>What the publisher of a batch asks of its receiver.</summary>
[Flags]
[GenerateSerializer]
[Alias("rooms.link-flags")]
public enum LinkFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To acknowledge at once.</summary>
    AcknowledgeNow = 1,

    /// <summary>To send everything after <see cref="EnvelopeBatch.Acknowledged"/> again, because some of it is missing.</summary>
    SendAgain = 2,

    /// <summary>Nothing of the receiver, but of the carrier: it need not answer. What it loses the link misses.</summary>
    Posted = 4,
}
