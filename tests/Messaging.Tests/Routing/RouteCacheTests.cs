using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Tests.Routing;

public sealed class RouteCacheTests
{
    private static readonly NodeIdentity B = new("b", 1);
    private static readonly NodeIdentity C = new("c", 1);
    private static readonly TimeSpan NodeLease = TimeSpan.FromMinutes(10);

    private readonly TwoClocks _time = new();
    private readonly RouteCaches _caches;
    private readonly RouteCache _cache;

    public RouteCacheTests()
    {
        _caches = new RouteCaches(_time);
        _cache = _caches.Open("/");
        Begin(generation: 5);
        _time.Advance(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void KeptAnswer_IsUsedUntilTheLeaseEnds()
    {
        Learn("r", TimeSpan.FromSeconds(30), B, C);
        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.Equal("b,c", Get("r"));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Get("r"));
    }

    [Fact]
    public void Lease_CountsFromTheQuestionHoweverLateTheAnswerComes()
    {
        _cache.Ask(["r"]);
        var askedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(20));
        _cache.Keep("r", [B], askedAt, askedAt + Ticks(TimeSpan.FromSeconds(30)));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Get("r"));
    }

    [Fact]
    public void Drop_BeforeTheAnswerComes_LetsItNotBeKept()
    {
        _cache.Ask(["r", "s"]);
        _caches.Drop(Demand("/", "r"));
        Keep("r", B);
        Keep("s", B);
        Assert.Null(Get("r"));
        Assert.Equal("b", Get("s"));
    }

    [Fact]
    public void Drop_OfOneNamespace_LeavesTheOthers()
    {
        var second = _caches.Open("/");
        var other = _caches.Open("/other");
        foreach (var cache in new[] { _cache, second, other })
        {
            cache.Ask(["r"]);
            cache.Keep("r", [B], _time.GetTimestamp(), long.MaxValue);
        }

        _caches.Drop(Demand("/", "r"));
        Assert.Null(Get("r"));
        Assert.Equal(0, second.Count);
        Assert.Equal(1, other.Count);
    }

    [Fact]
    public void NewGeneration_DropsEverythingOnce()
    {
        Learn("r", NodeLease, B);
        _caches.DropBefore(5);
        Assert.Equal("b", Get("r"));
        _cache.Ask(["s"]);
        _caches.Drop(new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "", Version = 6 });
        Keep("s", B);
        Assert.Null(Get("r"));
        Assert.Null(Get("s"));

        Learn("r", NodeLease, C);
        _caches.DropBefore(6);
        Assert.Equal("c", Get("r"));
        _caches.Drop(new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "", Version = long.MaxValue });
        Assert.Null(Get("r"));

        // A generation that nobody knows is none that has been seen.
        Learn("r", NodeLease, B);
        _caches.DropBefore(7);
        Assert.Null(Get("r"));
    }

    [Fact]
    public void NodeWhoseOwnLeaseMayHaveEnded_UsesNothing()
    {
        Learn("r", NodeLease * 2, B);
        _time.Advance(NodeLease);
        Assert.Null(Get("r"));
        _caches.Renew(_time.GetTimestamp(), NodeLease);
        Assert.Equal("b", Get("r"));
        _caches.End();
        Assert.Null(Get("r"));
    }

    [Fact]
    public void MachineThatWasSuspended_UsesNothingBeforeTheNextHeartbeat()
    {
        Learn("r", NodeLease, B);
        var sentBefore = _time.GetTimestamp();
        // The monotonic clock stood still meanwhile.
        _time.Ahead += TimeSpan.FromSeconds(1);
        Assert.Null(Get("r"));
        Assert.Equal(0, _cache.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _caches.Renew(sentBefore, NodeLease);
        Learn("r", NodeLease, B);
        Assert.Null(Get("r"));
        _caches.Renew(_time.GetTimestamp(), NodeLease);
        Assert.Equal("b", Get("r"));

        // Nor does a clock that is set back or slowed down end anything.
        _time.Ahead -= TimeSpan.FromHours(1);
        Assert.Equal("b", Get("r"));
        _caches.Renew(_time.GetTimestamp(), NodeLease);
        _time.Ahead += TimeSpan.FromMilliseconds(50);
        Assert.Equal("b", Get("r"));
        // An answer to a question from before a pause is not kept behind it.
        _cache.Ask(["s"]);
        sentBefore = _time.GetTimestamp();
        _time.Ahead += TimeSpan.FromSeconds(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _caches.Renew(_time.GetTimestamp(), NodeLease);
        _cache.Keep("s", [B], sentBefore, long.MaxValue);
        Assert.Null(Get("s"));
    }

    [Fact]
    public void NewRun_KnowsNothingAndKeepsNothingBeforeOthersKnowOfIt()
    {
        Learn("r", NodeLease, B);
        _cache.Ask(["s"]);
        Begin(generation: 5);
        Keep("s", B);
        Assert.Null(Get("r"));
        Assert.Null(Get("s"));
        Learn("r", NodeLease, B);
        Assert.Null(Get("r"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Learn("r", NodeLease, B);
        Assert.Equal("b", Get("r"));
    }

    [Fact]
    public void Hit_CostsNoMemory()
    {
        Learn("r", NodeLease, B);
        var table = new RouteTable();
        var message = new OutboundMessage(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = ["r"] });
        Assert.Equal(1, Batch());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Batch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        int Batch()
        {
            table.Clear();
            table.Ask(message);
            return table.TakeFrom(_cache, _time.GetTimestamp());
        }
    }

    /// <summary>
    /// Whatever comes in whatever order: what is found was answered to a question after the last demand to drop it, is not beyond its time,
    /// and never more is kept than there is room for.
    /// </summary>
    [Fact]
    public void AnyHistory_NeverGivesWhatWasDropped()
    {
        var room = Gen.Int[0, 9].Select(i => $"r{i}");
        Gen<Action<History>> step = Gen.Frequency(
            (6, room.Select<string, Action<History>>(r => h => h.Ask(r))),
            (6, room.Select<string, Action<History>>(r => h => h.Answer(r))),
            (2, room.Select<string, Action<History>>(r => h => h.Drop(r))),
            (1, Gen.Const<Action<History>>(h => h.RaiseGeneration())),
            (2, Gen.Int[1, 20].Select<int, Action<History>>(s => h => h.Wait(s))));

        step.Array[0, 100].Sample(
            steps =>
            {
                var history = new History();
                foreach (var act in steps)
                {
                    act(history);
                    history.Check();
                }
            },
            iter: 5_000);
    }

    private void Begin(long generation)
    {
        _caches.Begin(generation);
        _caches.Renew(_time.GetTimestamp(), NodeLease);
    }

    private void Learn(string room, TimeSpan lease, params NodeIdentity[] nodes)
    {
        _cache.Ask([room]);
        _cache.Keep(room, [.. nodes], _time.GetTimestamp(), _time.GetTimestamp() + Ticks(lease));
    }

    private void Keep(string room, params NodeIdentity[] nodes) => _cache.Keep(room, [.. nodes], _time.GetTimestamp(), long.MaxValue);

    private string? Get(string room) =>
        _cache.TryGet(room, _time.GetTimestamp(), out var nodes) ? string.Join(',', nodes.Select(node => node.Id)) : null;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private static Envelope Demand(string ns, params string[] rooms) =>
        new() { Kind = EnvelopeKind.DropRoutes, Namespace = ns, Targets = rooms };

    /// <summary>The wall clock goes on while the machine is suspended, and the monotonic one does not.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        private TimeSpan _run = TimeSpan.FromDays(1);

        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _run.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _run + Ahead;

        public void Advance(TimeSpan by) => _run += by;
    }

    private sealed class History
    {
        private const int Capacity = 6;
        private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

        private readonly FakeTimeProvider _time = new();
        private readonly RouteCaches _caches;
        private readonly RouteCache _cache;

        // The truth is a number that grows with every demand to drop; an answer is the number at the time at which the owner gave it.
        private readonly Dictionary<string, long> _truth = [];
        private readonly Dictionary<string, (long Truth, long AskedAt)> _asked = [];

        public History()
        {
            _caches = new RouteCaches(_time);
            _cache = new RouteCache("/", _caches, Capacity);
            _caches.Begin(generation: 1);
            _caches.Renew(_time.GetTimestamp(), TimeSpan.FromDays(1));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        public void Ask(string room)
        {
            // The owner answers at once; the answer is under way.
            _asked.Clear();
            _asked[room] = (Truth(room), _time.GetTimestamp());
            _cache.Ask([room]);
        }

        public void Answer(string room)
        {
            if (_asked.Remove(room, out var asked))
            {
                _cache.Keep(
                    room, [new NodeIdentity("n", asked.Truth)], asked.AskedAt,
                    asked.AskedAt + (long)(Lease.TotalSeconds * _time.TimestampFrequency));
            }
        }

        public void Drop(string room)
        {
            _truth[room] = Truth(room) + 1;
            _cache.Drop([room]);
        }

        public void RaiseGeneration()
        {
            for (var i = 0; i < 10; i++) _truth[$"r{i}"] = Truth($"r{i}") + 1;
            _cache.Clear();
        }

        public void Wait(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

        public void Check()
        {
            Assert.InRange(_cache.Count, 0, Capacity);
            for (var i = 0; i < 10; i++)
            {
                if (_cache.TryGet($"r{i}", _time.GetTimestamp(), out var nodes)) Assert.Equal(Truth($"r{i}"), Assert.Single(nodes).Epoch);
            }
        }

        private long Truth(string room) => _truth.GetValueOrDefault(room, 1);
    }
}
