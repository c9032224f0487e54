using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// One silo's view of the nodes of one cluster key: tells the grains of this silo which of the nodes they depend on have departed, and asks the
/// node directory for news as long as there are such. Thread-safe.
/// </summary>
internal sealed partial class ClusterNodes
{
    // A poll that takes longer failed; the next one asks again.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(3);

    private readonly INodeDirectoryGrain _directory;
    private readonly TimeSpan _interval;
    private readonly RoomsGrainMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeIdentity, HashSet<INodeDependent>> _dependents = [];
    private Task _poll = Task.CompletedTask;
    private long _pollsBegun;
    private bool _isPolling;
    private bool _failing;
    private volatile NodesSnapshot _snapshot = NodesSnapshot.Empty;

    public ClusterNodes(
        INodeDirectoryGrain directory, TimeSpan interval, RoomsGrainMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        _directory = directory;
        _interval = interval;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _stopping = stopping;
    }

    /// <summary>The version of the view.</summary>
    public DirectoryVersion Version => _snapshot.Version;

    /// <summary>Whether a run departed, as far as this silo knows.</summary>
    public bool IsDeparted(NodeIdentity node) => _snapshot.Departed.Contains(node);

    /// <summary>
    /// Where packets for a run go; asks the directory if this silo does not know. <see langword="null"/> when the directory does not know either, or
    /// does not answer.
    /// </summary>
    public async ValueTask<PacketStreamAddress?> FindStreamAsync(NodeIdentity node)
    {
        if (_snapshot.Streams.TryGetValue(node, out var stream) || IsDeparted(node))
        {
            return stream;
        }

        await JoinPoll(out _).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _snapshot.Streams.GetValueOrDefault(node);
    }

    /// <summary>
    /// Lets a dependent hear of a node's departure, once, unless it has happened already.
    /// </summary>
    /// <returns><see langword="false"/> when the node has departed.</returns>
    public bool TryDepend(INodeDependent dependent, NodeIdentity node)
    {
        lock (_gate)
        {
            if (IsDeparted(node))
            {
                return false;
            }

            if (!_dependents.TryGetValue(node, out var dependents))
            {
                dependents = [];
                _dependents.Add(node, dependents);
            }

            dependents.Add(dependent);
            if (!_isPolling)
            {
                _isPolling = true;
                _ = RunDetached(PollWhileNeededAsync);
            }

            return true;
        }
    }

    /// <summary>Ends what <see cref="TryDepend"/> started; unknown pairs are ignored.</summary>
    public void Release(INodeDependent dependent, List<NodeIdentity> nodes)
    {
        lock (_gate)
        {
            foreach (var node in nodes)
            {
                if (_dependents.TryGetValue(node, out var dependents) && dependents.Remove(dependent) && dependents.Count == 0)
                {
                    _dependents.Remove(node);
                }
            }
        }
    }

    /// <summary>
    /// Returns when the view is at the given version or a later one, or was read from the directory after the call began, in case the directory
    /// that gave the version is gone.
    /// </summary>
    /// <exception cref="TimeoutException">The directory did not answer.</exception>
    public async ValueTask EnsureAtLeastAsync(DirectoryVersion version)
    {
        if (_snapshot.Covers(version))
        {
            return;
        }

        var begunBefore = Interlocked.Read(ref _pollsBegun);
        long number;
        do
        {
            // A poll under way may have asked before the version came about; the one after it has not.
            await JoinPoll(out number);
        }
        while (number <= begunBefore && !_snapshot.Covers(version));
    }

    private static Task RunDetached(Func<Task> work)
    {
        // Called by grains: neither their scheduler nor their request context belongs to the poll.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    private async Task PollWhileNeededAsync()
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            do
            {
                await JoinPoll(out _).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            while (await timer.WaitForNextTickAsync(_stopping) && IsNeeded());
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private bool IsNeeded()
    {
        lock (_gate)
        {
            return _isPolling = _dependents.Count > 0;
        }
    }

    private Task JoinPoll(out long number)
    {
        lock (_gate)
        {
            if (_poll.IsCompleted)
            {
                _pollsBegun++;
                _poll = RunDetached(PollAsync);
            }

            number = _pollsBegun;
            return _poll;
        }
    }

    private async Task PollAsync()
    {
        try
        {
            var former = Version;
            await AskAsync(NodesInDoubt());
            if (Version.Activation != former.Activation && NodesInDoubt() is { IsEmpty: false } inDoubt)
            {
                // A directory that starts anew must hear at once of the nodes it may never hear from.
                await AskAsync(inDoubt);
            }

            _failing = false;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            if (!_failing)
            {
                _failing = true;
                Log.DirectoryUnreachable(_logger, exception);
            }

            _metrics.DirectoryPollFailed();
            throw;
        }
    }

    private async Task AskAsync(ImmutableArray<NodeIdentity> inUse)
    {
        var view = await _directory.GetViewAsync(Version, inUse).AsTask().WaitAsync(PollTimeout, _time, _stopping);
        if (view is not null)
        {
            Accept(view);
        }
    }

    private void Accept(DirectoryView view)
    {
        List<(NodeIdentity Node, HashSet<INodeDependent> Dependents)>? affected = null;
        lock (_gate)
        {
            _snapshot = new NodesSnapshot(view, _snapshot);
            foreach (var node in view.Departed)
            {
                if (_dependents.Remove(node, out var dependents))
                {
                    (affected ??= []).Add((node, dependents));
                }
            }
        }

        if (affected is null)
        {
            return;
        }

        foreach (var (node, dependents) in affected)
        {
            Log.NodeDeparted(_logger, node, dependents.Count);
            foreach (var dependent in dependents)
            {
                dependent.OnDeparted(node);
            }
        }
    }

    // The nodes that grains here depend on, but of which the directory says nothing.
    private ImmutableArray<NodeIdentity> NodesInDoubt()
    {
        lock (_gate)
        {
            var inDoubt = ImmutableArray.CreateBuilder<NodeIdentity>();
            foreach (var node in _dependents.Keys)
            {
                if (!_snapshot.Living.Contains(node))
                {
                    inDoubt.Add(node);
                }
            }

            return inDoubt.DrainToImmutable();
        }
    }

    private sealed class NodesSnapshot(DirectoryView view, NodesSnapshot? former)
    {
        public static NodesSnapshot Empty { get; } = new(new DirectoryView(default, [], []), former: null);

        public DirectoryVersion Version { get; } = view.Version;

        public HashSet<NodeIdentity> Living { get; } = [.. view.Living];

        public HashSet<NodeIdentity> Departed { get; } = [.. view.Departed];

        public Dictionary<NodeIdentity, PacketStreamAddress> Streams { get; } = NodeStreams.Merge(view, former?.Streams);

        public bool Covers(DirectoryVersion version) =>
            Version.Activation == version.Activation ? Version.Change >= version.Change : Version.Activation > version.Activation;
    }
}
