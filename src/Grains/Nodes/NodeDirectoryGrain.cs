using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Nodes;

/// <summary>The node directory of one cluster key: <see cref="NodeLeases"/> with a timer.</summary>
/// <remarks>No call awaits anything, so none can interleave with another.</remarks>
[GrainType("rooms.node-directory")]
internal sealed partial class NodeDirectoryGrain(
    IGrainContext context,
    IOptions<RoomsGrainOptions> options,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<NodeDirectoryGrain> logger) : IGrainBase, INodeDirectoryGrain
{
    private readonly NodeLeases _leases = new(
        time, new NodeLeaseRules(options.Value.Lease, options.Value.DepartedRetention, options.Value.MaxDepartedNodes));

    private readonly List<NodeIdentity> _expired = [];

    public IGrainContext GrainContext { get; } = context;

    public Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Does not keep the directory active: without nodes and silos that call, it has nothing to do.
        var interval = options.Value.SweepInterval;
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(interval, interval));
        return Task.CompletedTask;
    }

    public ValueTask<NodeRegistration> RegisterAsync(string nodeId, long lastEpoch)
    {
        ArgumentException.ThrowIfNullOrEmpty(nodeId);
        ArgumentOutOfRangeException.ThrowIfNegative(lastEpoch);
        var node = _leases.Register(nodeId, lastEpoch);
        Log.NodeRegistered(logger, node);
        return new ValueTask<NodeRegistration>(new NodeRegistration(node, options.Value.Lease));
    }

    public ValueTask<HeartbeatReply> HeartbeatAsync(NodeIdentity node, DirectoryVersion knownVersion, PacketStreamAddress? stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(node.Id);
        var status = _leases.Heartbeat(node, stream);
        if (status == HeartbeatStatus.Fenced)
        {
            metrics.NodeFenced();
        }

        return new ValueTask<HeartbeatReply>(new HeartbeatReply(status, ViewUnlessAt(knownVersion)));
    }

    public ValueTask LeaveAsync(NodeIdentity node)
    {
        ArgumentException.ThrowIfNullOrEmpty(node.Id);
        if (_leases.Leave(node))
        {
            Log.NodeLeft(logger, node);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<DirectoryView?> GetViewAsync(DirectoryVersion knownVersion, ImmutableArray<NodeIdentity> inUse)
    {
        foreach (var node in inUse)
        {
            _leases.Mention(node);
        }

        return new ValueTask<DirectoryView?>(ViewUnlessAt(knownVersion));
    }

    private DirectoryView? ViewUnlessAt(DirectoryVersion knownVersion) => _leases.Version == knownVersion ? null : _leases.View;

    private Task SweepAsync()
    {
        _expired.Clear();
        _leases.Sweep(_expired);
        foreach (var node in _expired)
        {
            metrics.NodeExpired();
            Log.NodeExpired(logger, node, options.Value.Lease);
        }

        return Task.CompletedTask;
    }
}
