using System.Diagnostics;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Tracing;

/// <summary>
/// The trace of a packet from its emit to its delivery on other nodes: the envelope carries the context, so batches and retries on the way
/// do not matter. Costs one check while nobody listens to the source.
/// </summary>
internal static class EnvelopeTraces
{
    /// <summary>The name by which applications ask for the traces.</summary>
    public const string SourceName = "OrleansRooms";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Records that an envelope is sent, as part of what the caller is doing, and lets the envelope say so.</summary>
    public static Envelope Send(Envelope envelope)
    {
        if (!Source.HasListeners())
        {
            return envelope;
        }

        using var activity = Source.StartActivity($"send {envelope.Namespace}", ActivityKind.Producer);
        if (activity is null)
        {
            return envelope;
        }

        Describe(activity, envelope, "send");
        return envelope with { TraceParent = activity.Id };
    }

    /// <summary>
    /// Begins to record that an envelope is delivered here; null unless its sender recorded it and somebody listens here.
    /// </summary>
    public static Activity? StartDelivery(Envelope envelope, string participant)
    {
        if (envelope.TraceParent is not { } sent || !Source.HasListeners()
            || !ActivityContext.TryParse(sent, null, isRemote: true, out var sender))
        {
            return null;
        }

        var activity = Source.StartActivity($"deliver {envelope.Namespace}", ActivityKind.Consumer, sender);
        if (activity is not null)
        {
            Describe(activity, envelope, "process");
            activity.SetTag("orleansrooms.node", participant);
        }

        return activity;
    }

    // No names of rooms: applications make them of user ids and worse.
    private static void Describe(Activity activity, Envelope envelope, string operation)
    {
        activity.SetTag("messaging.system", "orleansrooms");
        activity.SetTag("messaging.operation.type", operation);
        activity.SetTag("messaging.destination.name", envelope.Namespace);
        activity.SetTag("orleansrooms.kind", envelope.Kind.ToString());
        activity.SetTag("orleansrooms.rooms", envelope.Rooms.Length);
    }
}
