using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Delivery;

/// <summary>
/// Whether what came over a packet stream has the parts that the contracts say it has: any client of the cluster can write to one.
/// </summary>
internal static class EnvelopeCheck
{
    public static bool IsSound(EnvelopeBatch batch) => batch is { Envelopes: not null, From.Id: not null };

    public static bool IsSound(Envelope? envelope) =>
        envelope is { Namespace: not null, Payload: not null }
        && HasNoGaps(envelope.Rooms) && HasNoGaps(envelope.Except) && HasNoGaps(envelope.Targets) && HasNoGaps(envelope.Attachments);

    private static bool HasNoGaps(object?[]? items)
    {
        if (items is null)
        {
            return false;
        }

        foreach (var item in items)
        {
            if (item is null)
            {
                return false;
            }
        }

        return true;
    }
}
