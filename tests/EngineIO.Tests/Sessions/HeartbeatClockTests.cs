using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class HeartbeatClockTests
{
    private static readonly EngineIOOptions Options = new()
    {
        PingInterval = TimeSpan.FromMilliseconds(300),
        PingTimeout = TimeSpan.FromMilliseconds(200),
        UpgradeTimeout = TimeSpan.FromMilliseconds(400),
        CloseTimeout = TimeSpan.FromMilliseconds(700),
    };

    // Timers know no less.
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(300, 200, 12.5)]
    [InlineData(25_000, 20_000, 50)]
    [InlineData(50, 50, 5)]
    public void Granularity_FollowsTheShortestDeadline(int interval, int patience, double expected)
    {
        using var clock = new HeartbeatClock(
            new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(interval), PingTimeout = TimeSpan.FromMilliseconds(patience) },
            new FakeTimeProvider());

        Assert.Equal(expected, clock.Granularity.TotalMilliseconds);
    }

    [Fact]
    public void Disarmed_DoesNotExpire()
    {
        var time = new FakeTimeProvider();
        using var clock = new HeartbeatClock(Options, time);
        var deadline = new Recorder(time);

        clock.Arm(deadline, DeadlineKind.Ping);
        clock.Disarm(deadline);
        clock.Disarm(deadline);
        time.Pass(TimeSpan.FromSeconds(10));

        Assert.Empty(deadline.Expired);
    }

    [Fact]
    public void Disposed_ExpiresNothingMore()
    {
        var time = new FakeTimeProvider();
        var clock = new HeartbeatClock(Options, time);
        var deadline = new Recorder(time);
        clock.Arm(deadline, DeadlineKind.Ping);

        clock.Dispose();
        clock.ArmNext(deadline, DeadlineKind.Pong);
        time.Pass(TimeSpan.FromSeconds(10));

        Assert.Empty(deadline.Expired);
    }

    [Fact]
    public void Deadline_ArmedAgainWhenItExpires_ExpiresAgain()
    {
        var time = new FakeTimeProvider();
        using var clock = new HeartbeatClock(Options, time);
        var deadline = new Recorder(time);
        deadline.Then = () => clock.Arm(deadline, DeadlineKind.Ping);

        clock.Arm(deadline, DeadlineKind.Ping);
        time.Pass(TimeSpan.FromSeconds(3.1));

        Assert.InRange(deadline.Expired.Count, 10, 11);
    }

    /// <summary>
    /// Whatever is armed, re-armed and disarmed in whatever order: a deadline expires once, and neither early nor late; a ping may be a
    /// little early.
    /// </summary>
    [Fact]
    public void Deadlines_UnderAnySequence_ExpireExactlyWhenTheyShould()
    {
        var step = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, 100]);

        step.Array[1, 200].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            using var clock = new HeartbeatClock(Options, time);
            var deadlines = Enumerable.Range(0, 5).Select(_ => new Recorder(time)).ToArray();
            var expected = new Dictionary<Recorder, (DeadlineKind Kind, DateTimeOffset Due)>();

            foreach (var (which, action, pause) in steps)
            {
                var deadline = deadlines[which];
                if (action == 5)
                {
                    clock.Disarm(deadline);
                    expected.Remove(deadline);
                }
                else
                {
                    var kind = (DeadlineKind)Math.Min(action, (int)DeadlineKind.Close);
                    clock.Arm(deadline, kind);
                    expected[deadline] = (kind, time.GetUtcNow() + LengthOf(kind));
                }

                time.Pass(TimeSpan.FromMilliseconds(pause));
                foreach (var expiring in deadlines)
                {
                    while (expiring.Expired.TryDequeue(out var expiry))
                    {
                        Assert.True(expected.Remove(expiring, out var promised), "It was disarmed, or had expired already.");
                        Assert.Equal(promised.Kind, expiry.Kind);
                        var leeway = promised.Kind == DeadlineKind.Ping ? 2 * clock.Granularity : TimeSpan.Zero;
                        Assert.InRange(expiry.At, promised.Due - leeway, promised.Due + Millisecond);
                    }

                    if (expected.TryGetValue(expiring, out var pending))
                    {
                        Assert.True(pending.Due + Millisecond > time.GetUtcNow(), "It should have expired.");
                    }
                }
            }
        });
    }

    private static TimeSpan LengthOf(DeadlineKind kind) => kind switch
    {
        DeadlineKind.Ping => Options.PingInterval,
        DeadlineKind.Pong => Options.PingTimeout,
        DeadlineKind.Upgrade => Options.UpgradeTimeout,
        _ => Options.CloseTimeout,
    };

    private sealed class Recorder(TimeProvider time) : Deadline
    {
        public Queue<(DeadlineKind Kind, DateTimeOffset At)> Expired { get; } = [];

        public Action? Then { get; set; }

        protected internal override void OnDue(DeadlineKind kind)
        {
            Expired.Enqueue((kind, time.GetUtcNow()));
            Then?.Invoke();
        }
    }
}
