using System.Collections.Immutable;
using CsCheck;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

/// <summary>
/// Random nodes over a network that loses, repeats and reorders what they say, against the plain union of what they hold.
/// </summary>
public sealed class RoomMembershipProperties
{
    private static readonly string[] Rooms = ["red", "blue", "s0-0"];

    private enum Step
    {
        Join,
        Leave,
        Flush,
        Deliver,
        DeliverAndKeep,
        Lose,
        Snapshot,
        Restart,
        Die,
        LoseOwner,
    }

    [Fact]
    public void Membership_UnderAnyNetwork_EqualsTheNodesAfterSnapshots() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 120]
            .Sample(steps => Run(steps, faithful: false), iter: 3000);

    [Fact]
    public void Membership_WhileDeltasArriveInOrder_EqualsTheNodesAtEveryStep() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 120]
            .Sample(steps => Run(steps, faithful: true), iter: 3000);

    private static void Run((Step Step, int Node, int Room, int Socket)[] steps, bool faithful)
    {
        var owner = new RoomMembership();
        var nodes = new[] { new Node(0), new Node(1), new Node(2) };
        var underWay = new List<MembershipDelta>();
        foreach (var (step, number, roomNumber, socketNumber) in steps)
        {
            var node = nodes[number];
            switch (step)
            {
                case Step.Join or Step.Leave:
                    node.Change(Rooms[roomNumber], $"s{number}-{socketNumber}", step == Step.Join);
                    break;
                case Step.Flush when !faithful:
                    underWay.AddRange(node.Flush());
                    break;
                case Step.Deliver or Step.DeliverAndKeep when underWay.Count > 0:
                    var index = (roomNumber * 7 + socketNumber) % underWay.Count;
                    Deliver(owner, nodes, underWay[index], underWay);
                    if (step == Step.Deliver)
                    {
                        underWay.RemoveAt(index);
                    }

                    break;
                case Step.Lose when underWay.Count > 0:
                    underWay.RemoveAt(socketNumber % underWay.Count);
                    break;
                case Step.Snapshot:
                    underWay.Add(node.Snapshot());
                    break;
                case Step.Restart:
                    node.Restart();
                    break;
                case Step.Die:
                    owner.Forget(node.Identity);
                    node.Restart();
                    break;
                case Step.LoseOwner:
                    owner = new RoomMembership();
                    foreach (var each in faithful ? nodes : [])
                    {
                        owner.Apply(each.Snapshot(), out _);
                    }

                    break;
                default:
                    break;
            }

            if (faithful)
            {
                foreach (var delta in node.Flush())
                {
                    Assert.Equal(MembershipOutcome.Applied, owner.Apply(delta, out _));
                }

                AssertEqual(owner, nodes, restartedNodesMayLinger: true);
            }
        }

        // What is still under way arrives late, then everybody says it all.
        foreach (var delta in underWay.ToArray())
        {
            Deliver(owner, nodes, delta, underWay);
        }

        foreach (var node in nodes)
        {
            Assert.Equal(MembershipOutcome.Applied, owner.Apply(node.Snapshot(), out _));
        }

        AssertEqual(owner, nodes, restartedNodesMayLinger: false);
        foreach (var node in nodes)
        {
            owner.Forget(node.Identity);
        }

        Assert.True(owner.IsEmpty);
        Assert.Equal(0, owner.RoomCount);
        var runs = new List<NodeIdentity>();
        owner.CopyRunsTo(runs);
        Assert.Empty(runs);
    }

    private static void Deliver(RoomMembership owner, Node[] nodes, MembershipDelta delta, List<MembershipDelta> underWay)
    {
        var node = nodes.Single(each => each.Identity.Id == delta.Node.Id);
        if (owner.Apply(delta, out _) == MembershipOutcome.SnapshotNeeded && node.Identity == delta.Node)
        {
            underWay.Add(node.Snapshot());
        }
    }

    private static void AssertEqual(RoomMembership owner, Node[] nodes, bool restartedNodesMayLinger)
    {
        foreach (var room in Rooms)
        {
            var members = owner.MembersOf(room);
            if (restartedNodesMayLinger)
            {
                // The owner cannot know of a restart before the new run speaks.
                members = [.. members.Where(member => nodes.Any(node => node.Identity == member.Node))];
            }
            else
            {
                Assert.Equal(members.Length, owner.SizeOf(room));
                Assert.Equal(members.Select(member => member.Node).Distinct().Order(ById), owner.NodesOf(room).Order(ById));
            }

            Assert.Equal(
                nodes.SelectMany(node => node.In(room).Select(socket => $"{socket}@{node.Identity.Id}")).Order(StringComparer.Ordinal),
                members.Ordered());
        }

        foreach (var verification in nodes.Select(node => node.Verification()))
        {
            if (owner.IsAt(verification))
            {
                Assert.Equal(MembershipOutcome.Applied, owner.Apply(verification, out _));
                var another = verification with { Digest = verification.Digest.With("red", "nobody") };
                Assert.Equal(MembershipOutcome.SnapshotNeeded, owner.Apply(another, out _));
            }
            else
            {
                Assert.True(restartedNodesMayLinger);
            }
        }
    }

    private static readonly Comparer<NodeIdentity> ById = Comparer<NodeIdentity>.Create((x, y) => string.CompareOrdinal(x.Id, y.Id));

    /// <summary>A node with its truth, and the changes it has not said yet.</summary>
    private sealed class Node(int number)
    {
        private readonly HashSet<(string Room, string Socket)> _held = [];
        private readonly List<MembershipChange> _unsaid = [];
        private long _version;
        private long _said;

        public NodeIdentity Identity { get; private set; } = new($"n{number}", 1);

        public IEnumerable<string> In(string room) => _held.Where(each => each.Room == room).Select(each => each.Socket);

        public void Change(string room, string socket, bool joined)
        {
            if (joined ? _held.Add((room, socket)) : _held.Remove((room, socket)))
            {
                _unsaid.Add(new MembershipChange(room, socket, joined));
                _version++;
            }
        }

        public IEnumerable<MembershipDelta> Flush()
        {
            if (_unsaid.Count > 0)
            {
                yield return new MembershipDelta { Node = Identity, BaseVersion = _said, Version = _version, Changes = [.. _unsaid] };
                _unsaid.Clear();
                _said = _version;
            }
        }

        public MembershipDelta Snapshot()
        {
            _unsaid.Clear();
            _said = _version;
            return new MembershipDelta
            {
                Node = Identity,
                BaseVersion = MembershipDelta.Snapshot,
                Version = _version,
                Changes = [.. _held.Select(each => new MembershipChange(each.Room, each.Socket, true))],
                WatchSizes = number == 0,
            };
        }

        public MembershipDelta Verification() => new()
        {
            Node = Identity,
            BaseVersion = _version,
            Version = _version,
            Changes = [],
            Digest = _held.Aggregate(default(MembershipDigest), (digest, each) => digest.With(each.Room, each.Socket)),
        };

        public void Restart()
        {
            Identity = Identity with { Epoch = Identity.Epoch + 1 };
            _held.Clear();
            _unsaid.Clear();
            _version = _said = 0;
        }
    }
}
