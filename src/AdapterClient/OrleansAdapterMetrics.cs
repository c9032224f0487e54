using System.Diagnostics.Metrics;

namespace OrleansRooms.AdapterClient;

/// <summary>What the adapter client measures, under the meter <c>OrleansRooms.AdapterClient</c>.</summary>
internal sealed class OrleansAdapterMetrics : IDisposable
{
    public const string MeterName = "OrleansRooms.AdapterClient";

    private readonly Meter _meter;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _sendFailures;
    private readonly Counter<long> _received;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _ignored;
    private readonly UpDownCounter<long> _queued;
    private readonly Counter<long> _announcements;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _degradedJoins;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _failedHeartbeats;
    private readonly UpDownCounter<long> _pendingRequests;
    private readonly Counter<long> _incompleteRequests;

    public OrleansAdapterMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _sent = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.sent", "{envelope}", "Envelopes put on other nodes' packet streams.");
        _batches = _meter.CreateCounter<long>("orleansrooms.adapter.batches.sent", "{batch}", "Sends to other nodes' packet streams.");
        _sendFailures = _meter.CreateCounter<long>("orleansrooms.adapter.sends.failed", "{send}", "Sends that failed and are tried again.");
        _received = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.received", "{envelope}", "Envelopes taken from this node's packet stream.");
        _duplicates = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.duplicate", "{envelope}", "Envelopes that arrived again and were passed over.");
        _lost = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.lost", "{envelope}", "Envelopes whose numbers were skipped on the way to this node.");
        _dropped = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.dropped", "{envelope}", "Envelopes given up because a queue was full or their node is gone.");
        _ignored = _meter.CreateCounter<long>("orleansrooms.adapter.envelopes.ignored", "{envelope}", "Envelopes of an unknown kind, for an unknown namespace or with bad contents.");
        _queued = _meter.CreateUpDownCounter<long>("orleansrooms.adapter.queue.length", "{envelope}", "Envelopes that wait to be routed.");
        _announcements = _meter.CreateCounter<long>("orleansrooms.adapter.announcements", "{call}", "Calls that told room owners of this node's members.");
        _snapshots = _meter.CreateCounter<long>("orleansrooms.adapter.snapshots", "{call}", "Announcements that named all members anew.");
        _degradedJoins = _meter.CreateCounter<long>("orleansrooms.adapter.joins.degraded", "{join}", "Joins and leaves that completed before the cluster knew of them.");
        _fenced = _meter.CreateCounter<long>("orleansrooms.adapter.node.fenced", "{registration}", "How often this node had been declared departed and registered anew.");
        _failedHeartbeats = _meter.CreateCounter<long>("orleansrooms.adapter.heartbeats.failed", "{heartbeat}", "Heartbeats that the node directory did not answer.");
        _pendingRequests = _meter.CreateUpDownCounter<long>("orleansrooms.adapter.requests.pending", "{request}", "Requests that wait for answers of other nodes.");
        _incompleteRequests = _meter.CreateCounter<long>("orleansrooms.adapter.requests.incomplete", "{request}", "Requests whose time was up before all answers had come.");
    }

    public void Sent(string destination, int envelopes)
    {
        var node = new KeyValuePair<string, object?>("destination", destination);
        _sent.Add(envelopes, node);
        _batches.Add(1, node);
    }

    public void SendFailed(string destination) => _sendFailures.Add(1, new KeyValuePair<string, object?>("destination", destination));

    public void Received(int envelopes) => _received.Add(envelopes);

    public void Duplicates(long envelopes) => _duplicates.Add(envelopes);

    public void Lost(long envelopes) => _lost.Add(envelopes);

    public void Dropped(string reason, int envelopes) => _dropped.Add(envelopes, new KeyValuePair<string, object?>("reason", reason));

    public void Ignored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Queued(int change) => _queued.Add(change);

    public void Announced(bool isSnapshot)
    {
        _announcements.Add(1);
        if (isSnapshot)
        {
            _snapshots.Add(1);
        }
    }

    public void JoinDegraded() => _degradedJoins.Add(1);

    public void Fenced() => _fenced.Add(1);

    public void HeartbeatFailed() => _failedHeartbeats.Add(1);

    public void PendingRequests(int change) => _pendingRequests.Add(change);

    public void RequestIncomplete() => _incompleteRequests.Add(1);

    public void Dispose() => _meter.Dispose();
}
