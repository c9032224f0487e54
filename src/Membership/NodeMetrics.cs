using System.Diagnostics.Metrics;

namespace OrleansRooms.Membership;

/// <summary>
/// What the nodes of a process measure of themselves, under the meter <c>OrleansRooms.AdapterClient</c>, as dashboards know it.
/// </summary>
internal sealed class NodeMetrics : IDisposable
{
    public const string MeterName = "OrleansRooms.AdapterClient";

    private readonly Meter _meter;
    private readonly Counter<long> _announcements;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _degradedJoins;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _failedHeartbeats;
    private readonly Histogram<double> _rebuilds;

    public NodeMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _announcements = _meter.CreateCounter<long>(
            "orleansrooms.adapter.announcements", "{call}", "Calls that told room owners of this node's members.");
        _snapshots = _meter.CreateCounter<long>("orleansrooms.adapter.snapshots", "{call}", "Announcements that named all members anew.");
        _degradedJoins = _meter.CreateCounter<long>(
            "orleansrooms.adapter.joins.degraded", "{join}", "Joins and leaves that completed before the cluster knew of them.");
        _fenced = _meter.CreateCounter<long>(
            "orleansrooms.adapter.node.fenced", "{registration}", "How often this node had been declared departed and registered anew.");
        _failedHeartbeats = _meter.CreateCounter<long>(
            "orleansrooms.adapter.heartbeats.failed", "{heartbeat}", "Heartbeats that the node directory did not answer.");
        _rebuilds = _meter.CreateHistogram<double>(
            "orleansrooms.adapter.rebuilds", "s",
            "How long it took to tell all owners again what this node holds, because some may have lost it.");
    }

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

    public void Rebuilt(TimeSpan duration) => _rebuilds.Record(duration.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
