using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

public sealed class ClusterNodesTests : IDisposable
{
    private static readonly NodeIdentity A = new("a", 5);
    private static readonly NodeIdentity B = new("b", 5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly WatchedTime _time = new();
    private readonly FakeLogger _logger = new();
    private readonly Meters _meters = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ScriptedDirectory _directory = new();
    private readonly ClusterNodes _nodes;
    private Func<Task<ImmutableArray<EndedSilo>>> _endedSilos = () => Task.FromResult<ImmutableArray<EndedSilo>>([]);

    public ClusterNodesTests() =>
        _nodes = new ClusterNodes(
            _directory, () => _endedSilos(), Interval, new RoomsGrainMetrics(_meters), _time, _logger, _stopping.Token);

    [Fact]
    public async Task Polling_BeginsWithTheFirstDependentAndEndsWithTheLast()
    {
        var dependent = new Dependent();
        Assert.True(_nodes.TryDepend(dependent, A));
        await _directory.AnswerAsync(View(1, living: [A]));
        await AnswerNextPollAsync(null);

        _nodes.Release(dependent, [A]);
        _time.Advance(Interval);
        await _time.PeriodEnded.WaitAsync(RoomsCluster.Patience);
        _time.Advance(Interval * 10);
        Assert.Equal(2, _directory.Calls);

        Assert.True(_nodes.TryDepend(dependent, A));
        await _directory.AnswerAsync(null);
    }

    [Fact]
    public async Task Departure_TellsDependentsOnceAndRefusesNewOnes()
    {
        var first = new Dependent();
        var second = new Dependent();
        _nodes.TryDepend(first, A);
        _nodes.TryDepend(second, A);
        _nodes.TryDepend(second, B);
        await _directory.AnswerAsync(View(1, living: [A, B]));
        await AnswerNextPollAsync(View(2, living: [B], departed: [A]));
        Assert.Equal(A, await first.NextAsync());
        Assert.Equal(A, await second.NextAsync());
        Assert.True(_nodes.IsDeparted(A));
        Assert.False(_nodes.IsDeparted(B));
        Assert.False(_nodes.TryDepend(first, A));

        await AnswerNextPollAsync(View(3, living: [], departed: [A, B]));
        Assert.Equal(B, await second.NextAsync());
        Assert.False(first.HasMore);
    }

    [Fact]
    public async Task DirectoryActivatedAnew_HearsOfNodesItDoesNotList()
    {
        _nodes.TryDepend(new Dependent(), A);
        _nodes.TryDepend(new Dependent(), B);
        await _directory.AnswerAsync(View(1, living: [A, B]));

        _time.Advance(Interval);
        Assert.Empty(await _directory.AnswerAsync(View(1, living: [B], activation: 2)));
        Assert.Equal([A], await _directory.AnswerAsync(View(2, living: [A, B], activation: 2)));
    }

    [Fact]
    public async Task EnsureAtLeast_KnownVersion_AsksNobody()
    {
        await _nodes.EnsureAtLeastAsync(default);
        Assert.Equal(0, _directory.Calls);
    }

    [Fact]
    public async Task EnsureAtLeast_NewerVersion_WaitsForIt()
    {
        var ensured = _nodes.EnsureAtLeastAsync(new DirectoryVersion(1, 4)).AsTask();
        await _directory.AnswerAsync(View(4, living: [A]));
        await ensured.WaitAsync(RoomsCluster.Patience);
        Assert.Equal(new DirectoryVersion(1, 4), _nodes.Version);
    }

    [Fact]
    public async Task EnsureAtLeast_ManyCallers_ShareThePollThatBeganAfterThem()
    {
        var first = _nodes.EnsureAtLeastAsync(new DirectoryVersion(1, 4)).AsTask();
        await _directory.AskedAsync();
        var others = Enumerable.Range(0, 20).Select(_ => _nodes.EnsureAtLeastAsync(new DirectoryVersion(1, 5)).AsTask()).ToArray();
        await _directory.AnswerAsync(View(4, living: []));
        await first.WaitAsync(RoomsCluster.Patience);
        await _directory.AnswerAsync(View(5, living: []));
        await Task.WhenAll(others).WaitAsync(RoomsCluster.Patience);
        Assert.Equal(2, _directory.Calls);
    }

    [Fact]
    public async Task EnsureAtLeast_VersionOfADirectoryThatIsGone_IsContentWithWhatIsThere()
    {
        var ensured = _nodes.EnsureAtLeastAsync(new DirectoryVersion(Activation: 99, 1)).AsTask();
        await _directory.AnswerAsync(View(1, living: [A]));
        await ensured.WaitAsync(RoomsCluster.Patience);
        Assert.Equal(1, _directory.Calls);
    }

    [Fact]
    public async Task EnsureAtLeast_DirectoryDoesNotAnswer_TimesOut()
    {
        var ensured = _nodes.EnsureAtLeastAsync(new DirectoryVersion(1, 1)).AsTask();
        await _directory.AskedAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => ensured.WaitAsync(RoomsCluster.Patience));
    }

    [Fact]
    public async Task FailingPolls_AreCountedAndLoggedOncePerEpisode()
    {
        using var failed = new MetricCollector<long>(_meters.Single, "orleansrooms.directory.polls.failed");
        var dependent = new Dependent();
        _nodes.TryDepend(dependent, A);
        await _directory.FailAsync();
        await failed.WaitForMeasurementsAsync(1, RoomsCluster.Patience);
        _time.Advance(Interval);
        await _directory.FailAsync();
        await failed.WaitForMeasurementsAsync(2, RoomsCluster.Patience);
        Assert.Equal(1, _logger.Collector.Count);

        // It goes on asking, and a second episode is logged again.
        await AnswerNextPollAsync(View(1, living: [], departed: [A]));
        Assert.Equal(A, await dependent.NextAsync());
        _nodes.TryDepend(dependent, B);
        await AnswerNextPollAsync(View(2, living: [B]));
        _time.Advance(Interval);
        await _directory.FailAsync();
        await failed.WaitForMeasurementsAsync(3, RoomsCluster.Patience);
        Assert.Equal(2, _logger.Collector.GetSnapshot().Count(record => record.Level == LogLevel.Warning));
    }

    [Fact]
    public async Task Completeness_NothingHappened_IsReachedWithOneReadForAll()
    {
        var owners = Enumerable.Range(0, 20).Select(_ => new Completeness(_nodes, _time)).ToArray();
        Assert.DoesNotContain(owners, owner => owner.IsReached);
        // The first began a read; those that came while it was under way share the next.
        await _directory.AnswerAsync(View(1, living: [A]));
        await _directory.AnswerAsync(null);
        foreach (var owner in owners) Assert.True(await owner.IsReachedForRoutesAsync().AsTask().WaitAsync(RoomsCluster.Patience));
        Assert.Equal(2, _directory.Calls);
    }

    [Fact]
    public async Task Completeness_GenerationNotSettled_IsReachedWhenItIs()
    {
        var owner = new Completeness(_nodes, _time);
        await _directory.AnswerAsync(View(1, living: [A], generation: 5, settled: 4));
        Assert.False(await owner.IsReachedForRoutesAsync().AsTask().WaitAsync(RoomsCluster.Patience));
        var question = owner.WhenReachedAsync().AsTask();

        // It goes on asking by itself.
        await _directory.AnswerAsync(View(2, living: [A], generation: 6, settled: 4));
        Assert.False(owner.IsReached);
        await AnswerNextPollAsync(View(3, living: [A], generation: 6, settled: 5));
        await question.WaitAsync(RoomsCluster.Patience);
        Assert.True(owner.IsReached);

        // Later losses are no concern of an owner that lives.
        _nodes.TryDepend(new Dependent(), A);
        await AnswerNextPollAsync(View(4, living: [A], generation: 9, settled: 5));
        Assert.True(owner.IsReached);
    }

    [Fact]
    public async Task Completeness_ViewFromBeforeTheActivation_CountsForNothing()
    {
        var early = _nodes.ReadGenerationAsync();
        await _directory.AskedAsync();
        var owner = new Completeness(_nodes, _time);
        await _directory.AnswerAsync(View(1, living: [A]));
        await early.WaitAsync(RoomsCluster.Patience);
        Assert.False(owner.IsReached);
        await _directory.AnswerAsync(View(2, living: [A], generation: 2, settled: 1));
        Assert.False(await owner.IsReachedForRoutesAsync().AsTask().WaitAsync(RoomsCluster.Patience));
    }

    [Fact]
    public async Task Completeness_DirectoryHearsOfSilosThatEndedBeforeTheOwnerCameUp_Once()
    {
        var first = new EndedSilo(SiloAddress.New(IPAddress.Loopback, 1, 1), IsDead: false);
        var second = first with { IsDead = true };
        var table = new TaskCompletionSource<ImmutableArray<EndedSilo>>();
        _endedSilos = () => table.Task;
        var owner = new Completeness(_nodes, _time);
        Assert.Equal(0, _directory.Calls);
        table.SetResult([first]);
        await _directory.AnswerAsync(View(1, living: [A], generation: 2, settled: 1));
        Assert.False(await owner.IsReachedForRoutesAsync().AsTask().WaitAsync(RoomsCluster.Patience));

        _endedSilos = () => Task.FromResult(ImmutableArray.Create(first, second));
        var read = _nodes.ReadGenerationAsync();
        // An answer to the poll that the first owner has begun, or to the read itself.
        while (!read.IsCompleted) await Task.WhenAny(read, _directory.AnswerAsync(View(2, living: [A], generation: 3, settled: 1)));
        Assert.Equal(3, await read);
        Assert.Equal([[first], [second]], _directory.Ended);
    }

    [Fact]
    public async Task Completeness_DirectoryDoesNotAnswer_IsNotWaitedForByRoutes()
    {
        var owner = new Completeness(_nodes, _time);
        var routes = owner.IsReachedForRoutesAsync().AsTask();
        await _directory.AskedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.False(await routes.WaitAsync(RoomsCluster.Patience));

        var question = owner.WhenReachedAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => question.WaitAsync(RoomsCluster.Patience));
    }

    [Fact]
    public async Task OwnersLost_ManyAtOnce_AreReportedTogether()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _nodes.ReportOwnersLostAsync())).WaitAsync(RoomsCluster.Patience);
        Assert.InRange(_directory.Losses.Count, 1, 10);
        Assert.All(_directory.Losses, Assert.Empty);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _meters.Dispose();
    }

    private static DirectoryView View(
        long change, NodeIdentity[] living, NodeIdentity[]? departed = null, long activation = 1, long generation = 1,
        long? settled = null) =>
        new(new DirectoryVersion(activation, change), [.. living], [.. departed ?? []], generation, settled ?? generation);

    private async Task AnswerNextPollAsync(DirectoryView? view)
    {
        _time.Advance(Interval);
        await _directory.AnswerAsync(view);
    }

    /// <summary>Tells when a periodic timer has ended.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _periodEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task PeriodEnded => _periodEnded.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            return period == Timeout.InfiniteTimeSpan ? timer : new Timer(timer, _periodEnded);
        }

        private sealed class Timer(ITimer timer, TaskCompletionSource ended) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                ended.TrySetResult();
            }

            public async ValueTask DisposeAsync()
            {
                await timer.DisposeAsync();
                ended.TrySetResult();
            }
        }
    }

    private sealed class Dependent : INodeDependent
    {
        private readonly Channel<NodeIdentity> _departed = Channel.CreateUnbounded<NodeIdentity>();

        public bool HasMore => _departed.Reader.TryPeek(out _);

        public void OnDeparted(NodeIdentity node) => _departed.Writer.TryWrite(node);

        public async Task<NodeIdentity> NextAsync() => await _departed.Reader.ReadAsync().AsTask().WaitAsync(RoomsCluster.Patience);
    }

    /// <summary>Answers when and as the test says.</summary>
    private sealed class ScriptedDirectory : INodeDirectoryGrain
    {
        private readonly Channel<(ImmutableArray<NodeIdentity> InUse, TaskCompletionSource<DirectoryView?> Answer)> _calls =
            Channel.CreateUnbounded<(ImmutableArray<NodeIdentity>, TaskCompletionSource<DirectoryView?>)>();

        private readonly ConcurrentQueue<string> _losses = new();
        private int _count;

        public ConcurrentQueue<string> Losses => _losses;

        public int Calls => _count;

        public ConcurrentQueue<ImmutableArray<EndedSilo>> Ended { get; } = new();

        public ValueTask<DirectoryView?> GetViewForOwnersAsync(DirectoryVersion knownVersion, ImmutableArray<EndedSilo> ended)
        {
            Ended.Enqueue(ended);
            return GetViewAsync(knownVersion, []);
        }

        public ValueTask<DirectoryView?> GetViewAsync(DirectoryVersion knownVersion, ImmutableArray<NodeIdentity> inUse)
        {
            Interlocked.Increment(ref _count);
            var answer = new TaskCompletionSource<DirectoryView?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(_calls.Writer.TryWrite((inUse, answer)));
            return new ValueTask<DirectoryView?>(answer.Task);
        }

        public async Task AskedAsync() => await _calls.Reader.WaitToReadAsync().AsTask().WaitAsync(RoomsCluster.Patience);

        public async Task<NodeIdentity[]> AnswerAsync(DirectoryView? view)
        {
            var (inUse, answer) = await _calls.Reader.ReadAsync().AsTask().WaitAsync(RoomsCluster.Patience);
            answer.SetResult(view);
            return [.. inUse];
        }

        public async Task FailAsync()
        {
            var (_, answer) = await _calls.Reader.ReadAsync().AsTask().WaitAsync(RoomsCluster.Patience);
            answer.SetException(new InvalidOperationException("The silo is gone."));
        }

        public ValueTask<NodeRegistration> RegisterAsync(string nodeId, long lastEpoch) => throw new NotSupportedException();

        public ValueTask<HeartbeatReply> HeartbeatAsync(
            NodeIdentity node, DirectoryVersion knownVersion, long confirmedGeneration, PacketStreamAddress? stream) =>
            throw new NotSupportedException();

        public ValueTask LeaveAsync(NodeIdentity node) => throw new NotSupportedException();

        // No news ever: what is tested are the questions.
        public ValueTask<DirectoryView?> WatchAsync(DirectoryVersion knownVersion, TimeSpan patience) =>
            new(new TaskCompletionSource<DirectoryView?>().Task);

        public ValueTask ReportLossAsync(string cause)
        {
            _losses.Enqueue(cause);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly ConcurrentBag<Meter> _meters = [];

        public Meter Single => Assert.Single(_meters);

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (var meter in _meters)
            {
                meter.Dispose();
            }
        }
    }
}
