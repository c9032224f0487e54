using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Requests;

/// <summary>Waits until nodes send by certain routes no more.</summary>
internal sealed class DropRoutesRequest : PendingRequest
{
    protected override bool TakeResponse_NeedsLock(string nodeId, Envelope response) => response.Kind == EnvelopeKind.RoutesDropped;
}
