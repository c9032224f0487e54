using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Delivery;

/// <summary>What a participant does with envelopes that are not answers to its requests.</summary>
internal interface IEnvelopeReceiver
{
    /// <summary>
    /// Takes an envelope. Called for one at a time, in the publisher's order; what it throws is logged, and the next is delivered.
    /// </summary>
    void Deliver(NodeIdentity from, Envelope envelope);
}
