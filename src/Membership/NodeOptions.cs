using OrleansRooms.Messaging;

namespace OrleansRooms.Membership;

/// <summary>How a node takes part in the cluster. Users set the options of the server that it serves, where each is described.</summary>
internal sealed record NodeOptions
{
    /// <summary>How it sends and waits.</summary>
    public required MessagingOptions Messaging { get; init; }

    /// <summary>Its id; <see langword="null"/> for the machine's name with a random suffix.</summary>
    public string? NodeId { get; init; }

    public required TimeSpan HeartbeatInterval { get; init; }

    public required TimeSpan VerifyInterval { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    public required int MaxConcurrentAnnouncements { get; init; }

    public string ClusterKey => Messaging.ClusterKey;

    public TimeSpan CallTimeout => Messaging.CallTimeout;

    public TimeSpan JoinTimeout => Messaging.JoinTimeout;
}
