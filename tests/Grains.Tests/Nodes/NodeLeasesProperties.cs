using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>Random lives of nodes under directories that lose their state now and then.</summary>
public sealed class NodeLeasesProperties
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private enum Step
    {
        Register,
        Heartbeat,
        OldHeartbeat,
        Leave,
        Mention,
        Pass,
        LoseState,
        LoseOwners,
        Confirm,
    }

    [Fact]
    public void Directory_UnderAnySteps_KeepsItsRules() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 3]).Array[1, 80].Sample(steps => Run(steps));

    private static void Run((Step Step, int Node)[] steps)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var leases = Create(time);
        var runs = new Dictionary<string, List<NodeIdentity>>();
        var heard = new Dictionary<NodeIdentity, DateTimeOffset>();
        var departed = new HashSet<NodeIdentity>();
        var confirmed = new Dictionary<NodeIdentity, long>();
        long generation = 0;

        foreach (var (step, number) in steps)
        {
            var id = $"n{number}";
            var ofNode = runs.TryGetValue(id, out var known) ? known : runs[id] = [];
            switch (step)
            {
                case Step.Register:
                    // A process that restarted remembers nothing; the clock has moved on meanwhile.
                    time.Advance(TimeSpan.FromMilliseconds(1));
                    var registered = leases.Register(id, 0);
                    Assert.All(ofNode, former => Assert.True(former.Epoch < registered.Epoch));
                    ofNode.Add(registered);
                    heard[registered] = time.GetUtcNow();
                    break;
                case Step.Heartbeat when ofNode.Count > 0:
                    if (leases.Heartbeat(ofNode[^1], 0) == HeartbeatStatus.Renewed)
                    {
                        Assert.DoesNotContain(ofNode[^1], departed);
                        heard[ofNode[^1]] = time.GetUtcNow();
                    }

                    break;
                case Step.OldHeartbeat when ofNode.Count > 1:
                    if (leases.Heartbeat(ofNode[0], 0) == HeartbeatStatus.Renewed)
                    {
                        Assert.DoesNotContain(ofNode[0], departed);
                        heard[ofNode[0]] = time.GetUtcNow();
                    }

                    break;
                case Step.Leave when ofNode.Count > 0:
                    leases.Leave(ofNode[^1]);
                    break;
                case Step.Mention when ofNode.Count > 0:
                    // Gives a lease to a run that has none, but never renews one.
                    var lived = leases.View.Living.Contains(ofNode[^1]);
                    leases.Mention(ofNode[^1]);
                    if (!lived)
                    {
                        heard[ofNode[^1]] = time.GetUtcNow();
                    }

                    break;
                case Step.Pass:
                    time.Advance(TimeSpan.FromMilliseconds(500));
                    var before = leases.View.Living;
                    var expired = new List<NodeIdentity>();
                    leases.Sweep(expired);
                    Assert.All(expired, node => Assert.True(time.GetUtcNow() - heard[node] >= Lease));
                    Assert.All(
                        before.Except(expired),
                        node => Assert.Contains(node, leases.View.Living));
                    break;
                case Step.LoseState:
                    time.Advance(TimeSpan.FromMilliseconds(1));
                    leases = Create(time);
                    departed.Clear();
                    break;
                case Step.LoseOwners:
                    leases.RaiseGeneration();
                    break;
                case Step.Confirm when ofNode.Count > 0:
                    if (leases.Heartbeat(ofNode[^1], leases.Generation) == HeartbeatStatus.Renewed)
                    {
                        heard[ofNode[^1]] = time.GetUtcNow();
                        confirmed[ofNode[^1]] = leases.Generation;
                    }

                    break;
                default:
                    break;
            }

            if (step == Step.Register)
            {
                confirmed[ofNode[^1]] = leases.Generation;
            }

            var view = leases.View;
            Assert.True(view.Generation >= generation);
            generation = view.Generation;
            Assert.True(view.Settled <= view.Generation);
            Assert.All(view.Living, node => Assert.True(view.Settled <= confirmed.GetValueOrDefault(node)));
            departed.UnionWith(view.Departed);
            Assert.Equal(view.Living.Length, view.Living.Select(node => node.Id).Distinct().Count());
            Assert.Empty(view.Living.Intersect(departed));
            Assert.Equal(view.Departed.Length, view.Departed.Distinct().Count());
        }

        // Nobody speaks any more: nobody lives, and whoever was listed last is listed as departed.
        var last = leases.View.Living;
        for (var passed = TimeSpan.Zero; passed < Lease; passed += TimeSpan.FromMilliseconds(500))
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            leases.Sweep([]);
        }

        Assert.Empty(leases.View.Living);
        Assert.True(leases.View.IsSettled);
        Assert.Empty(last.Except(leases.View.Departed));
    }

    private static NodeLeases Create(FakeTimeProvider time) =>
        new(time, new NodeLeaseRules(Lease, TimeSpan.FromHours(1), MaxDeparted: 1000, ListenTime: Lease));
}
