using System.Collections.Immutable;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>The cluster-wide number of sockets in a room.</summary>
/// <param name="Room">The room.</param>
/// <param name="Sockets">How many sockets are in it.</param>
public readonly record struct RoomSize(string Room, int Sockets);

/// <summary>A socket in a room, and where it is.</summary>
/// <param name="SocketId">The socket.</param>
/// <param name="Node">The node that holds it, or <see langword="null"/> when it is this one.</param>
public readonly record struct RoomMember(string SocketId, string? Node);

/// <summary>A node that has a namespace.</summary>
/// <param name="Node">The node, or <see langword="null"/> when it is this one.</param>
/// <param name="Sockets">How many sockets it holds in the namespace; of other nodes as of the last 200 ms.</param>
public readonly record struct NamespaceServer(string? Node, int Sockets);

/// <summary>What became of a broadcast that asked for answers.</summary>
/// <param name="Expected">How many sockets were asked.</param>
/// <param name="Received">How many answered in time.</param>
/// <param name="MissingNodes">Nodes that did not say in time how many sockets they had asked; their sockets are not in
/// <paramref name="Expected"/>.</param>
public sealed record BroadcastAckResult(int Expected, int Received, ImmutableArray<string> MissingNodes)
{
    /// <summary>How many of the expected sockets disconnected before they answered: nothing more is to come of them.</summary>
    public int Gone { get; init; }

    /// <summary>Whether every asked socket answered.</summary>
    public bool IsComplete => Expected == Received && MissingNodes.IsEmpty;
}

/// <summary>The sockets that matched, as far as the nodes answered.</summary>
/// <param name="Sockets">The sockets of this node and of every node that answered.</param>
/// <param name="MissingNodes">Living nodes that did not answer in time; empty when the result is complete.</param>
public sealed record FetchSocketsResult(ImmutableArray<SocketDescription> Sockets, ImmutableArray<string> MissingNodes);

/// <summary>The answers of other nodes to a server-side event.</summary>
/// <param name="Responses">One ack packet per node that answered.</param>
/// <param name="MissingNodes">Living nodes that did not answer in time.</param>
public sealed record ServerSideEmitResult(ImmutableArray<Packet> Responses, ImmutableArray<string> MissingNodes)
{
    /// <summary>The nodes that answered, in the order of <see cref="Responses"/>; empty if the adapter does not know.</summary>
    public ImmutableArray<string> RespondingNodes { get; init; } = [];
}

/// <summary>What another node may know of a socket, as it was at one moment.</summary>
public sealed record SocketDescription
{
    /// <summary>The socket's id.</summary>
    public required string Id { get; init; }

    /// <summary>The handshake as JSON: headers, query, auth and the rest of Socket.IO's <c>socket.handshake</c>.</summary>
    public required JsonElement Handshake { get; init; }

    /// <summary>The rooms the socket is in, its private room included.</summary>
    public required ImmutableArray<string> Rooms { get; init; }

    /// <summary>
    /// The socket's <c>Data</c> as JSON. Half of a surrogate pair may stand in it as an escape, as in what clients send; and where bytes
    /// were there is a placeholder, <c>{"_placeholder":true,"num":0}</c>.
    /// </summary>
    public required JsonElement Data { get; init; }

    /// <summary>
    /// The bytes in <see cref="Data"/>, in the order that its placeholders count; without any, nothing in it is a placeholder.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; init; } = [];

    /// <summary>The node that holds the socket, or <see langword="null"/> when it is this one.</summary>
    public string? Node { get; init; }
}
