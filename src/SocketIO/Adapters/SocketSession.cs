using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>What makes a socket the one it is, kept while its client is away.</summary>
public sealed record SocketSession
{
    /// <summary>The socket's id.</summary>
    public required string SocketId { get; init; }

    /// <summary>The secret by which the client proves that the socket is its own (<c>pid</c>).</summary>
    public required string PrivateId { get; init; }

    /// <summary>Its rooms in the order of joining, the private one included.</summary>
    public required ImmutableArray<string> Rooms { get; init; }

    /// <summary>Its data. Nobody else uses it while the client is away.</summary>
    public required SocketData Data { get; init; }

    /// <summary>Who the client was to ASP.NET Core's authentication; <see langword="null"/> for an anonymous one.</summary>
    public string? UserId { get; init; }
}
