using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging;

/// <summary>About how many bytes of memory an envelope takes while it waits.</summary>
internal static class EnvelopeSize
{
    private const int PerObject = 64;

    public static int Of(Envelope envelope)
    {
        var size = (2 * PerObject) + envelope.Payload.Length + Of(envelope.Rooms) + Of(envelope.Except) + Of(envelope.Targets);
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
