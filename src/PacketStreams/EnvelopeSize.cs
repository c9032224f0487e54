using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>About how many bytes of memory envelopes take while they wait.</summary>
internal static class EnvelopeSize
{
    private const int PerObject = 64;

    public static long Of(EnvelopeBatch batch)
    {
        long size = 2 * PerObject;
        foreach (var envelope in batch.Envelopes)
        {
            size += Of(envelope);
        }

        return size;
    }

    public static int Of(Envelope envelope)
    {
        var size = (2 * PerObject) + envelope.Payload.Length + (2 * envelope.Namespace.Length)
            + Of(envelope.Rooms) + Of(envelope.Except) + Of(envelope.Targets);
        foreach (var attachment in envelope.Attachments)
        {
            size += PerObject + attachment.Length;
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    private static long Of(string[] names)
    {
        long size = 0;
        foreach (var name in names)
        {
            size += PerObject + (2 * name.Length);
        }

        return size;
    }
}
