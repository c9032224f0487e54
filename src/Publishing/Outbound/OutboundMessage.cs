using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Requests;
using OrleansRooms.Publishing.Tracing;

namespace OrleansRooms.Publishing.Outbound;

/// <summary>An envelope on its way out of one namespace.</summary>
/// <param name="envelope">The envelope.</param>
/// <param name="toAllNodes">
/// Whether it goes to all other nodes that have the namespace rather than to those with sockets that match.
/// </param>
/// <param name="request">The request that waits for what it brings about, if any.</param>
internal sealed class OutboundMessage(Envelope envelope, bool toAllNodes = false, PendingRequest? request = null)
{
    public Envelope Envelope { get; } = EnvelopeTraces.Send(envelope);

    public bool ToAllNodes { get; } = toAllNodes;

    public PendingRequest? Request { get; } = request;

    /// <summary>About how many bytes it takes while it waits.</summary>
    public int Size { get; } = EnvelopeSize.Of(envelope);

    /// <summary>Whether it is the first to go when there is no room.</summary>
    public bool IsVolatile => (Envelope.Flags & EnvelopeFlags.Volatile) != 0;
}
