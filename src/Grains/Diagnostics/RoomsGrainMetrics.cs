using System.Diagnostics.Metrics;

namespace OrleansRooms.Grains.Diagnostics;

/// <summary>What a silo counts of the room directory.</summary>
internal sealed class RoomsGrainMetrics
{
    public const string MeterName = "OrleansRooms.Grains";

    private readonly Counter<long> _nodesExpired;
    private readonly Counter<long> _nodesFenced;
    private readonly Counter<long> _pollsFailed;
    private readonly Counter<long> _deltasFenced;
    private readonly Counter<long> _presencesFenced;
    private readonly Counter<long> _snapshotsRequested;
    private readonly Counter<long> _generationsRaised;
    private readonly Counter<long> _divergencesFound;
    private readonly Counter<long> _incompleteRoutes;
    private readonly Counter<long> _noticesSent;
    private readonly Counter<long> _noticesFailed;

    public RoomsGrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _nodesExpired = meter.CreateCounter<long>(
            "orleansrooms.directory.nodes.expired", "{node}", "Nodes declared departed because their leases ended.");
        _nodesFenced = meter.CreateCounter<long>(
            "orleansrooms.directory.heartbeats.fenced", "{heartbeat}", "Heartbeats of runs that are departed or superseded.");
        _pollsFailed = meter.CreateCounter<long>(
            "orleansrooms.directory.polls.failed", "{poll}", "Times this silo could not ask the node directory.");
        _deltasFenced = meter.CreateCounter<long>(
            "orleansrooms.membership.deltas.fenced", "{delta}", "Deltas refused because the node's run is departed or superseded.");
        _presencesFenced = meter.CreateCounter<long>(
            "orleansrooms.namespace.accounts.fenced", "{account}",
            "Accounts of presence refused because the node's run is departed or superseded.");
        _snapshotsRequested = meter.CreateCounter<long>(
            "orleansrooms.membership.snapshots.requested", "{snapshot}",
            "Deltas that could not be applied, so that a snapshot was asked for.");
        _generationsRaised = meter.CreateCounter<long>(
            "orleansrooms.directory.generations", "{generation}", "Times owners may have lost members, so that all nodes told them again.");
        _divergencesFound = meter.CreateCounter<long>(
            "orleansrooms.membership.divergences", "{divergence}",
            "Times an owner held other members of a node than the node said, so that a snapshot was asked for.");
        _incompleteRoutes = meter.CreateCounter<long>(
            "orleansrooms.routes.incomplete", "{answer}",
            "Routes given out by owners that nodes had yet to tell what they hold, so that packets went to every node.");
        _noticesSent = meter.CreateCounter<long>("orleansrooms.room_sizes.sent", "{notice}", "Notices of room sizes sent to nodes.");
        _noticesFailed = meter.CreateCounter<long>(
            "orleansrooms.room_sizes.failed", "{notice}",
            "Notices of room sizes that could not be sent; the latest size is sent again later.");
    }

    public void NodeExpired() => _nodesExpired.Add(1);

    public void NodeFenced() => _nodesFenced.Add(1);

    public void DirectoryPollFailed() => _pollsFailed.Add(1);

    public void DeltaFenced() => _deltasFenced.Add(1);

    public void PresenceFenced() => _presencesFenced.Add(1);

    public void SnapshotRequested() => _snapshotsRequested.Add(1);

    public void GenerationRaised() => _generationsRaised.Add(1);

    public void DivergenceFound() => _divergencesFound.Add(1);

    public void IncompleteRoutes() => _incompleteRoutes.Add(1);

    public void NoticesSent(int count) => _noticesSent.Add(count);

    public void NoticesFailed(int count) => _noticesFailed.Add(count);
}
