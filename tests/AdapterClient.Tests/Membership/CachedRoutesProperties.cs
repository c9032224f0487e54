using System.Collections.Immutable;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.AdapterClient.Membership;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Nodes;
using OrleansRooms.Grains.Rooms;
using OrleansRooms.Publishing.Requests;
using OrleansRooms.Publishing.Routing;
using NodeRun = OrleansRooms.Publishing.Cluster.NodeRun;

namespace OrleansRooms.AdapterClient.Tests.Membership;

/// <summary>
/// The argument of docs/decisions/0016 as a model of one room: its owner is lost and comes up anew, the directory starts anew, nodes come, stand still, are declared dead and
/// register again, join, leave, ask for routes and keep them, and whatever one says to another arrives in any order, late, or for the second time. Whenever a node sends
/// by a route that it kept, the packet goes to every node whose join has been acknowledged.
/// </summary>
/// <remarks>
/// The rules of owners, of the directory, of caches and of what nodes announce are the real ones. Assumed is that an owner which comes up in place of a lost one reads a
/// generation that has risen since the loss, which <c>CompletenessProperties</c> of the grains' tests holds, and that living nodes reach a new directory while it listens.
/// </remarks>
public sealed class CachedRoutesProperties
{
    public enum Step
    {
        Join,
        Leave,
        Tell,
        GiveUpTelling,
        Ask,
        SomethingArrives,
        OldestArrives,
        TimePasses,
        StandStill,
        GoOn,
        Hear,
        Confirm,
        OwnerIsLost,
        OwnerReads,
        OwnerHears,
        DirectoryIsLost,

        // Several of these at once, so that long ways are walked to their ends often enough.
        TellToTheEnd,
        TellPastTheRest,
        TellAndHearTheAnswer,
        TellAndMissTheAnswer,
        TwoJoinOneAfterTheOther,
        JoinPastAnAnswer,
        LastLeavesAndOwnerIsLost,
        AskToTheEnd,
        AskAndWaitForTheAnswer,
        AWhilePasses,
        EverythingArrives,
        BecomeSteady,
        EverybodySettles,
    }

    [Theory]
    [InlineData(1_500)]
    public void KeptRoute_LeadsToEveryNodeWhoseJoinIsAcknowledged(int histories)
    {
        var hits = 0;
        var missedByNone = 0;
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 20]).Array[1, 300].Sample(
            steps =>
            {
                var world = new World();
                foreach (var (step, which, number) in steps)
                {
                    world.Take(step, which, number);
                    world.AssertRoutes();
                }

                Interlocked.Add(ref hits, world.Hits);
                Interlocked.Add(ref missedByNone, world.Acknowledged);
            },
            iter: histories);

        // The histories are not such that nothing is ever kept, or nobody ever waits to the end.
        Assert.True(hits > histories && missedByNone > histories, $"{hits} routes were used, {missedByNone} with acknowledged joins of others.");
    }

    private sealed class World
    {
        private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
        private static readonly TimeSpan RouteLease = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);
        private static readonly TimeSpan ListenTime = TimeSpan.FromSeconds(4);

        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        private readonly Node[] _nodes;
        private readonly List<Action> _underWay = [];
        private readonly HashSet<NodeIdentity> _departed = [];
        private NodeLeases _directory;
        private Owner _owner;
        private bool _isLossNews;

        public World()
        {
            _directory = NewDirectory();
            Listen();
            _nodes = [new Node("a", _time), new Node("b", _time), new Node("c", _time)];
            foreach (var node in _nodes) Register(node);
            _owner = NewOwner();
            Take(Step.OwnerReads, 0, 0);
        }

        public int Hits { get; private set; }

        public int Acknowledged { get; private set; }

        public void Take(Step step, int which, int number)
        {
            var node = _nodes[which];
            switch (step)
            {
                case Step.Join when !node.StandsStill:
                    node.Join(number % 2);
                    break;
                case Step.Leave when !node.StandsStill:
                    node.Leave(number % 2);
                    break;
                case Step.Tell when !node.StandsStill:
                    Tell(node);
                    break;
                case Step.GiveUpTelling when !node.StandsStill:
                    node.GiveUpTelling();
                    break;
                case Step.Ask when !node.StandsStill:
                    Ask(node);
                    break;
                case Step.SomethingArrives when _underWay.Count > 0:
                    Arrive(number % _underWay.Count);
                    break;
                case Step.OldestArrives when _underWay.Count > 0:
                    Arrive(0);
                    break;
                case Step.TimePasses:
                    PassTime();
                    break;
                case Step.StandStill:
                    node.StandsStill = true;
                    break;
                case Step.GoOn:
                    node.StandsStill = false;
                    break;
                case Step.Hear when !node.StandsStill:
                    node.Hear(_directory.View);
                    break;
                case Step.Confirm when !node.StandsStill:
                    Beat(node);
                    break;
                case Step.OwnerIsLost:
                    // What it was told or is about to be told is lost with it, whether or not somebody reports it.
                    _isLossNews |= !_owner.Members.IsEmpty || _owner.Holders.IsAnyHeld;
                    _owner = NewOwner();
                    break;
                case Step.OwnerReads when _owner.Generation is null:
                    if (_isLossNews) _directory.RaiseGeneration();
                    _isLossNews = false;
                    _owner.Generation = _directory.Generation;
                    _owner.View = _directory.View;
                    break;
                case Step.OwnerHears:
                    HearOwner();
                    break;
                case Step.DirectoryIsLost:
                    _time.Advance(TimeSpan.FromMilliseconds(1));
                    _directory = NewDirectory();
                    Listen();
                    break;
                case Step.TellToTheEnd:
                    Take(Step.Tell, which, 0);
                    Take(Step.EverythingArrives, 0, 0);
                    break;
                case Step.TellPastTheRest:
                    var before = _underWay.Count;
                    Take(Step.Tell, which, 0);
                    for (var i = 0; i < 20 && _underWay.Count > before; i++) Arrive(_underWay.Count - 1);
                    break;
                case Step.TellAndHearTheAnswer or Step.TellAndMissTheAnswer:
                    var count = _underWay.Count;
                    Take(Step.Tell, which, 0);
                    if (_underWay.Count == count) break;
                    Arrive(_underWay.Count - 1);
                    if (step == Step.TellAndHearTheAnswer) Arrive(_underWay.Count - 1);
                    else Take(Step.GiveUpTelling, which, 0);
                    break;
                case Step.TwoJoinOneAfterTheOther:
                    for (var i = 0; i < 2; i++)
                    {
                        Take(Step.Join, which, i);
                        Take(Step.TellAndHearTheAnswer, which, 0);
                    }

                    break;
                case Step.JoinPastAnAnswer:
                    Take(Step.AskAndWaitForTheAnswer, (which + 1) % _nodes.Length, 0);
                    Take(Step.Join, which, number);
                    Take(Step.TellPastTheRest, which, 0);
                    Take(Step.EverythingArrives, 0, 0);
                    break;
                case Step.LastLeavesAndOwnerIsLost:
                    for (var i = 0; i < _nodes.Length; i++)
                    {
                        Take(Step.Leave, i, 0);
                        Take(Step.Leave, i, 1);
                        Take(Step.TellAndHearTheAnswer, i, 0);
                    }

                    Take(Step.OwnerIsLost, 0, 0);
                    Take(Step.OwnerReads, 0, 0);
                    Take(Step.Join, which, number);
                    Take(Step.TellAndHearTheAnswer, which, 0);
                    break;
                case Step.AskAndWaitForTheAnswer when !node.IsAsking && !node.StandsStill:
                    Take(Step.Ask, which, 0);
                    Arrive(_underWay.Count - 1);
                    break;
                case Step.AWhilePasses:
                    for (var i = 0; i < 9; i++) PassTime();
                    break;
                case Step.AskToTheEnd:
                    Take(Step.Ask, which, 0);
                    Take(Step.EverythingArrives, 0, 0);
                    break;
                case Step.EverythingArrives:
                    for (var i = 0; i < 20 && _underWay.Count > 0; i++) Arrive(0);
                    break;
                case Step.BecomeSteady:
                    for (var i = 0; i < 3; i++)
                    {
                        foreach (var asker in _nodes) Take(Step.AskToTheEnd, Array.IndexOf(_nodes, asker), 0);
                        PassTime();
                    }

                    break;
                case Step.EverybodySettles:
                    Take(Step.OwnerReads, 0, 0);
                    for (var i = 0; i < _nodes.Length; i++)
                    {
                        Take(Step.Hear, i, 0);
                        Take(Step.TellToTheEnd, i, 0);
                        Take(Step.TellToTheEnd, i, 0);
                        Take(Step.Confirm, i, 0);
                    }

                    Take(Step.OwnerHears, 0, 0);
                    break;
                default:
                    break;
            }
        }

        // Every node sends to the room now, if it knows the way.
        public void AssertRoutes()
        {
            foreach (var publisher in _nodes)
            {
                if (publisher.StandsStill || !publisher.Cache.TryGet(Node.Room, _time.GetTimestamp(), out var nodes))
                {
                    continue;
                }

                Hits++;
                foreach (var node in _nodes)
                {
                    // One that was declared dead is missed by those who ask, too, until it has registered again and told the owner.
                    if (node != publisher && node.IsAcknowledged && !_departed.Contains(node.Identity))
                    {
                        Acknowledged++;
                        Assert.Contains(node.Identity, nodes);
                    }
                }
            }
        }

        private void Tell(Node node)
        {
            if (node.TryBeginTelling(out var call))
            {
                var delta = node.Announcement.Delta;
                _underWay.Add(() =>
                {
                    var owner = _owner;
                    var outcome = _directory.View.Departed.Contains(delta.Node) ? MembershipOutcome.Fenced : owner.Members.Apply(delta, out _);
                    var rerouted = owner.Members.Rerouted;
                    var reply = outcome != MembershipOutcome.Applied ? new MembershipReply(outcome)
                        : owner.IsWhole ? owner.Holders.ReplyTo(delta, rerouted) ?? new MembershipReply(outcome)
                        : delta.Changes.Any(change => change.Joined)
                            ? new MembershipReply(outcome) { Generation = owner.Generation ?? long.MaxValue, Lease = RouteLease }
                        : new MembershipReply(outcome);
                    _underWay.Add(() => TakeReply(node, call, reply));
                });
            }
        }

        private void TakeReply(Node node, int call, MembershipReply reply)
        {
            if (!node.EndTelling(call)) return;
            if (reply.Outcome != MembershipOutcome.Applied)
            {
                node.Announcement.SnapshotNeeded();
                return;
            }

            var isRevoking = reply.Generation != 0 || reply.Holders.Any(holder => holder.Id != node.Identity.Id);
            var announcement = node.Announcement;
            var held = announcement.Applied(isRevoking ? reply : null);
            if (!isRevoking && held is null) return;
            var revoked = reply.Generation != 0 ? ClearEverywhere(node, reply.Generation)
                : isRevoking ? Demand(node, reply.Holders, new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "/", Targets = [.. reply.Rooms] })
                : () => true;
            var since = _time.GetTimestamp();
            node.Revocations.Add(() =>
            {
                if (!revoked() && _time.GetElapsedTime(since) < reply.Lease) return false;
                if (held is null) return true;
                if (held.After.Any(earlier => !earlier.IsCompleted)) return false;
                announcement.Routed(held);
                return true;
            });
            node.Look();
        }

        // As RouteRevocations does.
        private Func<bool> ClearEverywhere(Node node, long generation)
        {
            if (generation <= node.Cleared) return () => true;
            var done = Demand(node, _directory.View.Living, new Envelope { Kind = EnvelopeKind.DropRoutes, Namespace = "", Version = generation });
            return () =>
            {
                if (done() && generation != long.MaxValue) node.Cleared = Math.Max(node.Cleared, generation);
                return done();
            };
        }

        private Func<bool> Demand(Node node, ImmutableArray<NodeIdentity> holders, Envelope demand)
        {
            var request = new DropRoutesRequest();
            NodeIdentity[] asked = [.. holders.Where(holder => holder.Id != node.Identity.Id && !node.Departed.Contains(holder))];
            request.OnRouted(asked);
            node.Requests.Add(request);
            foreach (var holder in asked)
            {
                var there = _nodes.Single(each => each.Identity.Id == holder.Id);
                _underWay.Add(() => Deliver(there, holder));
            }

            return () => request.Completed.IsCompleted;

            void Deliver(Node there, NodeIdentity holder)
            {
                if (there.StandsStill)
                {
                    // It waits on its stream.
                    _underWay.Add(() => Deliver(there, holder));
                }
                else if (there.Identity == holder)
                {
                    there.Caches.Drop(demand);
                    _underWay.Add(() =>
                    {
                        request.OnResponse(holder, new Envelope { Kind = EnvelopeKind.RoutesDropped, Namespace = "/" });
                        node.Look();
                    });
                }
            }
        }

        private void Ask(Node node)
        {
            if (node.IsAsking) return;
            node.IsAsking = true;
            var asker = node.Identity;
            var askedAt = _time.GetTimestamp();
            node.Cache.Ask([Node.Room]);
            _underWay.Add(() =>
            {
                var nodes = _owner.Members.NodesOf(Node.Room);
                var isLeased = _owner.IsWhole && !_directory.View.Departed.Contains(asker) && _owner.Holders.TryLease(Node.Room, nodes, asker);
                _underWay.Add(() =>
                {
                    node.IsAsking = false;
                    if (isLeased) node.Cache.Keep(Node.Room, nodes, askedAt, askedAt + (long)(RouteLease.TotalSeconds * _time.TimestampFrequency));
                });
            });
        }

        private void Arrive(int index)
        {
            var arrival = _underWay[index];
            _underWay.RemoveAt(index);
            arrival();
        }

        private void PassTime()
        {
            _time.Advance(Moment);
            foreach (var node in _nodes.Where(node => !node.StandsStill)) Beat(node);
            Sweep();
            HearOwner();
            foreach (var node in _nodes) node.Look();
        }

        private void Sweep()
        {
            _directory.Sweep([]);
            _departed.UnionWith(_directory.View.Departed);
        }

        private void Beat(Node node)
        {
            var sentAt = _time.GetTimestamp();
            node.Confirmed = Math.Max(node.Confirmed, node.Told);
            if (_directory.Heartbeat(node.Identity, node.Confirmed) == HeartbeatStatus.Fenced)
            {
                Register(node);
                return;
            }

            node.Hear(_directory.View);
            node.Caches.Renew(sentAt, Lease);
        }

        private void Register(Node node)
        {
            node.Begin(_directory.Register(node.Id, node.Identity.Epoch), _directory.Generation);
            node.Caches.Renew(_time.GetTimestamp(), Lease);
            HearOwner();
        }

        private void HearOwner()
        {
            if (_owner is null) return;
            _owner.View = _directory.View;
            foreach (var departed in _directory.View.Departed) _owner.Members.Forget(departed);
        }

        private Owner NewOwner() => new(_time, RouteLease);

        private NodeLeases NewDirectory() => new(_time, new NodeLeaseRules(Lease, TimeSpan.FromHours(1), MaxDeparted: 1000, ListenTime));

        private void Listen()
        {
            for (var passed = TimeSpan.Zero; passed < ListenTime; passed += Moment)
            {
                foreach (var node in _nodes ?? []) Beat(node);
                _time.Advance(Moment);
                Sweep();
            }
        }
    }

    private sealed class Owner(TimeProvider time, TimeSpan routeLease)
    {
        private bool _isWhole;

        public RoomMembership Members { get; } = new();

        public RouteHolders Holders { get; } = new(routeLease, time);

        public long? Generation { get; set; }

        public DirectoryView? View { get; set; }

        /// <summary>As <see cref="Completeness"/> decides.</summary>
        public bool IsWhole => _isWhole |= Generation is { } generation && View is { } view && view.Settled >= generation;
    }

    private sealed class Node
    {
        public const string Room = "r";

        private static readonly Task Unknown = new TaskCompletionSource().Task;

        private int _calls;
        private bool _isTelling;
        private NodeRun _run = new(default);
        private readonly Dictionary<string, Task> _sockets = [];
        private Task _verified = Task.CompletedTask;
        private long _telling;

        public Node(string id, TimeProvider time)
        {
            Id = id;
            Caches = new RouteCaches(time);
            Cache = Caches.Open("/");
        }

        public string Id { get; }

        public RouteCaches Caches { get; }

        public RouteCache Cache { get; }

        public OwnerAnnouncement Announcement { get; private set; } = new(0);

        public List<Func<bool>> Revocations { get; } = [];

        public List<PendingRequest> Requests { get; } = [];

        public ImmutableHashSet<NodeIdentity> Departed { get; private set; } = [];

        public NodeIdentity Identity => _run.Identity;

        public bool StandsStill { get; set; }

        public bool IsAsking { get; set; }

        /// <summary>Whether a socket is in the room whose join was acknowledged by the run in force.</summary>
        public bool IsAcknowledged
        {
            get
            {
                foreach (var routed in _sockets.Values)
                {
                    if (routed.IsCompletedSuccessfully) return true;
                }

                return false;
            }
        }

        public long Generation { get; private set; }

        public long Told { get; private set; }

        public long Confirmed { get; set; }

        public long Cleared { get; set; }

        public void Begin(NodeIdentity identity, long generation)
        {
            _run = new NodeRun(identity);
            Generation = Told = Confirmed = _telling = generation;
            Caches.Begin(generation);
            GiveUpTelling();
            // Until it has told everything anew, its sockets are missed by those who ask as well, and nobody waits again for what was acknowledged before.
            foreach (var socket in _sockets.Keys) _sockets[socket] = Unknown;
        }

        public void Join(int number)
        {
            var socket = $"{Id}{number}";
            if (_sockets.ContainsKey(socket)) return;
            Announcement.Joined(Room, socket);
            // As MembershipAnnouncer.WhenRoutedAsync decides.
            _sockets[socket] = Announcement.IsRoutedTo(_run, Room) ? Task.CompletedTask : Announcement.WhenRouted(Room, socket) ?? Task.CompletedTask;
        }

        public void Leave(int number)
        {
            var socket = $"{Id}{number}";
            if (_sockets.Remove(socket)) Announcement.Left(Room, socket, isEmpty: _sockets.Count == 0);
        }

        public bool TryBeginTelling(out int call)
        {
            call = 0;
            if (_isTelling) return false;
            if (_telling < Generation)
            {
                _telling = Generation;
                _verified = Announcement.Verify();
            }

            if (!Announcement.TryBegin(_run, watch: false, out var rooms))
            {
                if (Announcement.IsForgettable) Announcement = new OwnerAnnouncement(0);
                return false;
            }

            if (rooms is not null)
            {
                Announcement.SetMembers(rooms.Select(room => (room, (IReadOnlyCollection<string>)[.. _sockets.Keys])), watch: false);
            }

            call = ++_calls;
            _isTelling = true;
            return true;
        }

        public bool EndTelling(int call)
        {
            if (!_isTelling || call != _calls) return false;
            _isTelling = false;
            return true;
        }

        public void GiveUpTelling() => _isTelling = false;

        public void Hear(DirectoryView view)
        {
            Departed = [.. view.Departed];
            foreach (var request in Requests)
            {
                foreach (var node in view.Departed) request.OnDeparted(node);
            }

            Caches.DropBefore(view.Generation);
            Generation = Math.Max(Generation, view.Generation);
            Look();
        }

        /// <summary>Whoever waits goes on if he may.</summary>
        public void Look()
        {
            if (StandsStill) return;
            Revocations.RemoveAll(isOver => isOver());
            Requests.RemoveAll(request => request.Completed.IsCompleted);
            if (_verified.IsCompleted && !_isTelling) Told = Math.Max(Told, _telling);
            if (Announcement.IsRoutedTo(_run, Room))
            {
                foreach (var socket in _sockets.Keys.Where(socket => _sockets[socket] == Unknown).ToArray()) _sockets[socket] = Task.CompletedTask;
            }
        }
    }
}
