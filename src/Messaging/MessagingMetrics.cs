using System.Diagnostics.Metrics;

namespace OrleansRooms.Messaging;

/// <summary>
/// What nodes and emitters measure of the envelopes they send and receive, under the meter <c>OrleansRooms.Messaging</c>.
/// </summary>
internal sealed class MessagingMetrics : IDisposable
{
    public const string MeterName = "OrleansRooms.Messaging";

    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _sendFailures;
    private readonly Counter<long> _received;
    private readonly Counter<long> _streamsMoved;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _acknowledgements;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _ignored;
    private readonly UpDownCounter<long> _queued;
    private readonly Counter<long> _held;
    private readonly UpDownCounter<long> _pendingRequests;
    private readonly Counter<long> _incompleteRequests;
    private readonly Counter<long> _cachedRoutes;
    private readonly Counter<long> _askedRoutes;

    public MessagingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _sent = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.sent", "{envelope}", "Envelopes put on nodes' packet streams.");
        _batches = _meter.CreateCounter<long>("orleansrooms.messaging.batches.sent", "{batch}", "Sends to nodes' packet streams.");
        _sendFailures = _meter.CreateCounter<long>(
            "orleansrooms.messaging.sends.failed", "{send}", "Sends that failed and are tried again.");
        _received = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.received", "{envelope}", "Envelopes taken from the own packet stream.");
        _streamsMoved = _meter.CreateCounter<long>(
            "orleansrooms.messaging.streams.moved", "{stream}",
            "Packet streams of this process that did not work any more and were replaced.");
        _duplicates = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.duplicate", "{envelope}", "Envelopes that arrived again and were passed over.");
        _gaps = _meter.CreateCounter<long>(
            "orleansrooms.messaging.gaps", "{gap}", "Times that envelopes were missing on the way here and asked for again.");
        _replayed = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.replayed", "{envelope}",
            "Envelopes put on nodes' packet streams once more, because they were missing there.");
        _acknowledgements = _meter.CreateCounter<long>(
            "orleansrooms.messaging.acknowledgements.sent", "{send}",
            "Sends to nodes' packet streams that carried nothing but acknowledgements.");
        _dropped = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.dropped", "{envelope}", "Envelopes given up because a queue was full or their node is gone.");
        _ignored = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.ignored", "{envelope}",
            "Envelopes of an unknown kind, for an unknown namespace or with bad contents.");
        _queued = _meter.CreateUpDownCounter<long>(
            "orleansrooms.messaging.queue.length", "{envelope}", "Envelopes that wait to be routed.");
        _held = _meter.CreateCounter<long>(
            "orleansrooms.messaging.envelopes.held", "{envelope}",
            "Envelopes whose senders waited, because much waited already for the cluster or for a node.");
        _pendingRequests = _meter.CreateUpDownCounter<long>(
            "orleansrooms.messaging.requests.pending", "{request}", "Requests that wait for answers of other nodes.");
        _incompleteRequests = _meter.CreateCounter<long>(
            "orleansrooms.messaging.requests.incomplete", "{request}", "Requests whose time was up before all answers had come.");
        _cachedRoutes = _meter.CreateCounter<long>(
            "orleansrooms.messaging.routes.cached", "{room}", "Rooms of batches of which this node still knew where they have members.");
        _askedRoutes = _meter.CreateCounter<long>(
            "orleansrooms.messaging.routes.asked", "{room}", "Rooms of batches whose owners were asked where they have members.");
    }

    public void Sent(string destination, int envelopes)
    {
        var node = new KeyValuePair<string, object?>("destination", destination);
        _sent.Add(envelopes, node);
        _batches.Add(1, node);
    }

    public void SendFailed(string destination) => _sendFailures.Add(1, new KeyValuePair<string, object?>("destination", destination));

    public void Received(int envelopes) => _received.Add(envelopes);

    public void StreamMoved() => _streamsMoved.Add(1);

    public void Duplicates(long envelopes) => _duplicates.Add(envelopes);

    public void Gap() => _gaps.Add(1);

    public void Replayed(string destination, int envelopes) =>
        _replayed.Add(envelopes, new KeyValuePair<string, object?>("destination", destination));

    public void Acknowledged(string destination) => _acknowledgements.Add(1, new KeyValuePair<string, object?>("destination", destination));

    public void Dropped(string reason, int envelopes) => _dropped.Add(envelopes, new KeyValuePair<string, object?>("reason", reason));

    public void Ignored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Queued(int change) => _queued.Add(change);

    public void Held() => _held.Add(1);

    public void PendingRequests(int change) => _pendingRequests.Add(change);

    public void RequestIncomplete() => _incompleteRequests.Add(1);

    public void Routed(int cached, int asked)
    {
        if (cached > 0)
        {
            _cachedRoutes.Add(cached);
        }

        if (asked > 0)
        {
            _askedRoutes.Add(asked);
        }
    }

    public void Dispose() => _meter.Dispose();
}
