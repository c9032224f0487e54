using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// Keeps one silo's <see cref="NodesView"/> of one cluster key true: asks the node directory for news as long as grains of this silo depend
/// on any, tells them of departures, and tells the directory of owners that were lost. Thread-safe.
/// </summary>
internal sealed partial class ClusterNodes
{
    // A poll that takes longer failed; the next one asks again.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(3);

    private readonly INodeDirectoryGrain _directory;
    private readonly Func<Task<ImmutableArray<EndedSilo>>> _readEndedSilos;
    private readonly TimeSpan _interval;
    private readonly RoomsGrainMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;

    // What the directory with this activation was told.
    private (long Directory, ImmutableArray<EndedSilo> Silos) _endedSilosTold = (0, []);

    private readonly NodesView _view = new();
    private readonly Lock _gate = new();
    private readonly SharedRuns _lossReports;
    private readonly SharedRuns _generationReads;
    private Task _poll = Task.CompletedTask;
    private readonly Signal _accepted = new();
    private long _pollsBegun;
    private long _generationRead;
    private bool _isPolling;
    private bool _failing;

    public ClusterNodes(
        INodeDirectoryGrain directory,
        Func<Task<ImmutableArray<EndedSilo>>> readEndedSilos,
        TimeSpan interval,
        RoomsGrainMetrics metrics,
        TimeProvider time,
        ILogger logger,
        CancellationToken stopping)
    {
        _directory = directory;
        _readEndedSilos = readEndedSilos;
        _interval = interval;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _stopping = stopping;
        _lossReports = new SharedRuns(() => RunDetached(() => ReportAsync("")));
        _generationReads = new SharedRuns(() => RunDetached(ReadForOwnersAsync));
    }

    /// <summary>The version of the view.</summary>
    public DirectoryVersion Version => _view.Now.Version;

    /// <summary>
    /// The generation in force after everything that may have led to an owner's activation. All who ask while one read is under way share
    /// the next.
    /// </summary>
    /// <exception cref="TimeoutException">The directory did not answer.</exception>
    public async Task<long> ReadGenerationAsync()
    {
        await _generationReads.JoinNext().ConfigureAwait(false);
        // Not the view's: a late answer of a former directory may have taken its place.
        return Volatile.Read(ref _generationRead);
    }

    /// <summary>
    /// Whether all living nodes have confirmed a generation, as far as this silo knows. If not, it sees to it that it hears of it.
    /// </summary>
    public bool IsSettled(long generation)
    {
        if (_view.Now.Settled >= generation)
        {
            return true;
        }

        _view.Await(generation);
        PollWhileNeeded();
        return false;
    }

    /// <summary>Waits until all living nodes have confirmed a generation.</summary>
    /// <exception cref="TimeoutException">They have not within the limit.</exception>
    public async Task WhenSettledAsync(long generation, TimeSpan limit)
    {
        var since = _time.GetTimestamp();
        while (true)
        {
            // Before the look, or news in between would be missed.
            var accepted = _accepted.Next;
            if (IsSettled(generation))
            {
                return;
            }

            var left = limit - _time.GetElapsedTime(since);
            await accepted.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, _stopping).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Lets all nodes tell their owners again what they hold, because some on this silo were deactivated. Completes when the directory
    /// knows, or cannot be reached: a directory that is gone raises the generation by starting anew.
    /// </summary>
    public Task ReportOwnersLostAsync() => _lossReports.JoinNext();

    /// <summary>A silo died: owners were lost with it.</summary>
    public void OnSiloDied(SiloAddress silo) => _ = RunDetached(() => ReportAsync($"silo {silo} died"));

    /// <summary>Whether a run departed, as far as this silo knows.</summary>
    public bool IsDeparted(NodeIdentity node) => _view.Now.Departed.Contains(node);

    /// <summary>
    /// Where packets for a run go; asks the directory if this silo does not know. <see langword="null"/> when the directory does not know
    /// either, or does not answer.
    /// </summary>
    public async ValueTask<PacketStreamAddress?> FindStreamAsync(NodeIdentity node)
    {
        if (_view.Now.Streams.TryGetValue(node, out var stream) || IsDeparted(node))
        {
            return stream;
        }

        await JoinPoll(out _).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _view.Now.Streams.GetValueOrDefault(node);
    }

    /// <inheritdoc cref="NodesView.TryDepend"/>
    public bool TryDepend(INodeDependent dependent, NodeIdentity node)
    {
        if (!_view.TryDepend(dependent, node))
        {
            return false;
        }

        PollWhileNeeded();
        return true;
    }

    /// <inheritdoc cref="NodesView.Release"/>
    public void Release(INodeDependent dependent, List<NodeIdentity> nodes) => _view.Release(dependent, nodes);

    /// <summary>
    /// Returns when the view is at the given version or a later one, or was read from the directory after the call began, in case the
    /// directory that gave the version is gone.
    /// </summary>
    /// <exception cref="TimeoutException">The directory did not answer.</exception>
    public async ValueTask EnsureAtLeastAsync(DirectoryVersion version)
    {
        if (_view.Now.Covers(version))
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
        while (number <= begunBefore && !_view.Now.Covers(version));
    }

    private static Task RunDetached(Func<Task> work)
    {
        // Called by grains: neither their scheduler nor their request context belongs to the poll.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    // After the view has got a reason: polls that are about to end see it, or have ended and begin again here.
    private void PollWhileNeeded()
    {
        lock (_gate)
        {
            if (!_isPolling)
            {
                _isPolling = true;
                _ = RunDetached(PollWhileNeededAsync);
            }
        }
    }

    private async Task PollWhileNeededAsync()
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            var tick = timer.WaitForNextTickAsync(_stopping).AsTask();
            do
            {
                await JoinPoll(out _).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (await Task.WhenAny(tick, NewsAsync()).ConfigureAwait(false) == tick)
                {
                    await tick.ConfigureAwait(false);
                    tick = timer.WaitForNextTickAsync(_stopping).AsTask();
                }
            }
            while (IsNeeded());
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    // Completes early if the directory has news, and not at all if it cannot be asked: the next tick does that.
    private async Task NewsAsync()
    {
        try
        {
            var version = Version;
            if (await _directory.WatchAsync(version, _interval).AsTask()
                .WaitAsync(_interval + PollTimeout, _time, _stopping).ConfigureAwait(false) is { } view)
            {
                Accept(view);
                return;
            }
        }
#pragma warning disable CA1031 // The poll that follows meets the same failure, counts and logs it.
        catch
#pragma warning restore CA1031
        {
            // See above.
        }

        await Task.Delay(_interval, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool IsNeeded()
    {
        lock (_gate)
        {
            return _isPolling = _view.IsNewsAwaited;
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

    private Task PollAsync() => WatchedAsync(async () =>
    {
        var former = Version;
        await AskAsync(_view.NodesInDoubt());
        if (Version.Activation != former.Activation && _view.NodesInDoubt() is { IsEmpty: false } inDoubt)
        {
            // A directory that starts anew must hear at once of the nodes it may never hear from.
            await AskAsync(inDoubt);
        }
    });

    // One at a time.
    private Task ReadForOwnersAsync() => WatchedAsync(async () =>
    {
        // The table first: the directory has to hear of what stands there, now that the owners are up, before it answers.
        var ended = await _readEndedSilos();
        var known = _view.Now;
        var (version, generation) = (known.Version, known.Generation);
        var news = _endedSilosTold.Directory == version.Activation ? ended.RemoveRange(_endedSilosTold.Silos) : ended;
        if (await _directory.GetViewForOwnersAsync(version, news).AsTask().WaitAsync(PollTimeout, _time, _stopping) is { } view)
        {
            Accept(view);
            (version, generation) = (view.Version, view.Generation);
        }

        Volatile.Write(ref _generationRead, generation);
        _endedSilosTold = (version.Activation, ended);
    });

    // Counts failures, and logs them once per episode.
    private async Task WatchedAsync(Func<Task> ask)
    {
        try
        {
            await ask();
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

    private async Task ReportAsync(string cause)
    {
        // A directory that answers nothing is gone, or soon will be: the next one begins with a generation of its own.
        // Also while the silo stops: that is when most owners are deactivated.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            try
            {
                await _directory.ReportLossAsync(cause).AsTask().WaitAsync(PollTimeout, _time);
                return;
            }
#pragma warning disable CA1031 // Whatever it is, it is tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _metrics.DirectoryPollFailed();
                Log.LossNotReported(_logger, exception);
            }
        }
    }

    private void Accept(DirectoryView view)
    {
        if (!_view.TryAccept(view, out var affected))
        {
            // Two answers crossed.
            return;
        }

        _accepted.Raise();
        foreach (var (node, dependents) in affected)
        {
            Log.NodeDeparted(_logger, node, dependents.Count);
            foreach (var dependent in dependents)
            {
                dependent.OnDeparted(node);
            }
        }
    }
}
