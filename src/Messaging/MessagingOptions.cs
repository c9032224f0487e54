namespace OrleansRooms.Messaging;

/// <summary>
/// How a participant sends and waits. Users set the options of the node or emitter that it serves, where each is described.
/// </summary>
internal sealed record MessagingOptions
{
    public required string ClusterKey { get; init; }

    public required TimeSpan CallTimeout { get; init; }

    /// <summary>
    /// How long a join made from afar may take to be known; twice as long it is remembered where the room may have members.
    /// </summary>
    public required TimeSpan JoinTimeout { get; init; }

    /// <summary>Whether the node directory lists it, so that it need not say itself where answers go.</summary>
    public bool IsListed { get; init; }

    public required int MaxPendingRequests { get; init; }

    /// <summary>What one envelope may take; more would take a connection of Orleans down, again and again.</summary>
    public required int MaxMessageBytes { get; init; }

    public required long MaxAnswerBytes { get; init; }

    public required int MaxQueuedMessages { get; init; }

    public required long MaxQueuedBytes { get; init; }

    public required long MaxReceivedBytes { get; init; }
}
