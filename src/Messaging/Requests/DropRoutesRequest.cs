using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Requests;

/// <summary>Waits until nodes send by certain routes no more.</summary>
internal sealed class DropRoutesRequest : PendingRequest
{
    protected override bool TakeResponse(string nodeId, Envelope response) => response.Kind == EnvelopeKind.RoutesDropped;
}
