using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Requests;

/// <summary>Waits until the owners know of the joins that other nodes were told to make.</summary>
internal sealed class JoinRequest : PendingRequest
{
    protected override bool TakeResponse_NeedsLock(string nodeId, Envelope response) => response.Kind == EnvelopeKind.SocketsJoined;
}
