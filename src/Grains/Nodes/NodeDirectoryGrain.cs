using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Nodes;

/// <summary>The node directory of one cluster key: <see cref="NodeLeases"/> with a timer, and those who wait for news.</summary>
/// <remarks>No call changes anything after an await, so none can come between the parts of another.</remarks>
[GrainType("rooms.node-directory")]
internal sealed partial class NodeDirectoryGrain(
    IGrainContext context,
    IOptions<RoomsGrainOptions> options,
    LivingNodes livingNodes,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<NodeDirectoryGrain> logger) : IGrainBase, INodeDirectoryGrain
{
    // What has been reported by all silos a while ago is not reported again.
    private const int MaxCauses = 256;

    private readonly List<NodeIdentity> _expired = [];
    private readonly Queue<string> _causes = new();
    private readonly Signal _news = new();
    private NodeLeases _leases = null!;
    private DirectoryVersion _told;

    public IGrainContext GrainContext { get; } = context;

    public async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // This silo at least reports the deaths of others, whether or not it owns rooms.
        livingNodes.Of(GrainContext.GrainId.Key.ToString()!);
        // The generation that begins here is for those too.
        var ended = await livingNodes.ReadEndedSilosAsync();
        // Only now can nodes be heard: it was made before Orleans entered it into its directory, which may take a while.
        _leases = new NodeLeases(
            time,
            new NodeLeaseRules(
                options.Value.Lease, options.Value.DepartedRetention, options.Value.MaxDepartedNodes, options.Value.ListenTime));
        _leases.Know(ended);
        // Does not keep the directory active: without nodes and silos that call, it has nothing to do.
        var interval = options.Value.SweepInterval;
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(interval, interval));
    }

    public ValueTask<NodeRegistration> RegisterAsync(string nodeId, long lastEpoch)
    {
        ArgumentException.ThrowIfNullOrEmpty(nodeId);
        ArgumentOutOfRangeException.ThrowIfNegative(lastEpoch);
        var node = _leases.Register(nodeId, lastEpoch);
        TellNews();
        Log.NodeRegistered(logger, node);
        return new ValueTask<NodeRegistration>(new NodeRegistration(node, options.Value.Lease, _leases.Generation));
    }

    public ValueTask<HeartbeatReply> HeartbeatAsync(
        NodeIdentity node, DirectoryVersion knownVersion, long confirmedGeneration, PacketStreamAddress? stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(node.Id);
        _leases.Hear(knownVersion);
        var status = _leases.Heartbeat(node, confirmedGeneration, stream);
        if (status == HeartbeatStatus.Fenced)
        {
            metrics.NodeFenced();
        }

        TellNews();
        return new ValueTask<HeartbeatReply>(new HeartbeatReply(status, ViewUnlessAt(knownVersion)));
    }

    public ValueTask LeaveAsync(NodeIdentity node)
    {
        ArgumentException.ThrowIfNullOrEmpty(node.Id);
        if (_leases.Leave(node))
        {
            Log.NodeLeft(logger, node);
        }

        TellNews();
        return ValueTask.CompletedTask;
    }

    public ValueTask<DirectoryView?> GetViewAsync(DirectoryVersion knownVersion, ImmutableArray<NodeIdentity> inUse)
    {
        _leases.Hear(knownVersion);
        foreach (var node in inUse)
        {
            _leases.Mention(node);
        }

        TellNews();
        return new ValueTask<DirectoryView?>(ViewUnlessAt(knownVersion));
    }

    public ValueTask<DirectoryView?> GetViewForOwnersAsync(DirectoryVersion knownVersion, ImmutableArray<EndedSilo> ended)
    {
        _leases.Hear(knownVersion);
        if (_leases.Know(ended))
        {
            RaiseGeneration("silos ended");
        }

        TellNews();
        return new ValueTask<DirectoryView?>(ViewUnlessAt(knownVersion));
    }

    public async ValueTask<DirectoryView?> WatchAsync(DirectoryVersion knownVersion, TimeSpan patience)
    {
        if (patience > TimeSpan.Zero && _leases.Version == knownVersion)
        {
            await livingNodes.WhenNewsAsync(_news.Next, patience);
        }

        return ViewUnlessAt(knownVersion);
    }

    public ValueTask ReportLossAsync(string cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (cause.Length > 0)
        {
            if (_causes.Contains(cause))
            {
                return ValueTask.CompletedTask;
            }

            _causes.Enqueue(cause);
            if (_causes.Count > MaxCauses)
            {
                _causes.Dequeue();
            }
        }

        RaiseGeneration(cause.Length > 0 ? cause : "owners with members were deactivated");
        return ValueTask.CompletedTask;
    }

    private DirectoryView? ViewUnlessAt(DirectoryVersion knownVersion) => _leases.Version == knownVersion ? null : _leases.View;

    private void RaiseGeneration(string cause)
    {
        _leases.RaiseGeneration();
        metrics.GenerationRaised();
        Log.GenerationRaised(logger, _leases.Generation, cause);
        TellNews();
    }

    private void TellNews()
    {
        if (_told != _leases.Version)
        {
            _told = _leases.Version;
            _news.Raise();
        }
    }

    private Task SweepAsync()
    {
        _expired.Clear();
        _leases.Sweep(_expired);
        foreach (var node in _expired)
        {
            metrics.NodeExpired();
            Log.NodeExpired(logger, node, options.Value.Lease);
        }

        TellNews();
        return Task.CompletedTask;
    }
}
