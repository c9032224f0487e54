using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

/// <summary>Batches to send, told apart by a number.</summary>
internal static class Batches
{
    public static readonly NodeIdentity Publisher = new("publisher", 7);

    public static EnvelopeBatch Of(int number, int envelopes = 1, int bytes = 1)
    {
        var sent = new Envelope[envelopes];
        for (var i = 0; i < envelopes; i++)
        {
            sent[i] = new Envelope
            {
                Kind = EnvelopeKind.Broadcast,
                Namespace = "/",
                Rooms = ["room"],
                Payload = new byte[bytes],
                Attachments = [[1, 2, 3]],
                Count = number,
            };
        }

        return new EnvelopeBatch(Publisher, sent, number);
    }

    public static int NumberOf(EnvelopeBatch batch) => (int)batch.Sequence;
}
