using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Membership;

/// <summary>What a node answers that does not have the namespace which a request is about.</summary>
internal static class EmptyAnswers
{
    /// <returns>The answer, or <see langword="null"/> when the envelope asks for none.</returns>
    public static Envelope? To(Envelope request)
    {
        EnvelopeKind? kind = request.Kind switch
        {
            EnvelopeKind.SocketsJoin when request.RequestId != 0 => EnvelopeKind.SocketsJoined,
            EnvelopeKind.BroadcastWithAck => EnvelopeKind.BroadcastAckCount,
            EnvelopeKind.FetchSockets => EnvelopeKind.FetchSocketsResponse,
            EnvelopeKind.ServerSideEmitRequest => EnvelopeKind.ServerSideEmitResponse,
            _ => null,
        };
        return kind is null
            ? null
            : new Envelope
            {
                Kind = kind.Value,
                Namespace = request.Namespace,
                RequestId = request.RequestId,
                Payload = kind == EnvelopeKind.FetchSocketsResponse ? "[]"u8.ToArray() : [],
            };
    }
}
