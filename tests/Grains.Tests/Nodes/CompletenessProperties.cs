using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Grains.Nodes;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>
/// The argument of docs/decisions/0009 as a model: silos stop and are killed, also while they stop, an owner goes and comes up elsewhere,
/// the directory starts anew, nodes come, go, join and tell again, each in many small steps that come in any order. Whenever the owner
/// takes itself for whole, it knows every member that any living node was told it knows.
/// </summary>
/// <remarks>
/// Assumed is what is Orleans' part: one owner at a time, and another only once the former said that it is lost or its silo has ended in
/// the table; and that nodes reach a new directory while it listens. Silos' reports of deaths are left out: they come late or never here.
/// </remarks>
public sealed class CompletenessProperties
{
    public enum Step
    {
        StopBegins,
        OwnerGoes,
        SiloIsKilled,
        SiloIsDeclaredDead,
        SiloComes,
        OwnerComesUp,
        OwnersSiloReadsTable,
        OwnersSiloAsksDirectory,
        SiloHears,
        DirectoryIsLost,
        NodeRegisters,
        NodeLeaves,
        NodeJoins,
        NodeLeavesRoom,
        NodeHears,
        NodeTellsAgain,
        NodeConfirms,

        // Several of these at once, so that long ways are walked to their ends often enough.
        OwnerComesUpAndAsks,
        OwnerOfAnotherRoomAsks,
        NodeDoesAllItHasTo,
        SiloDies,
    }

    [Fact]
    public void OwnerThatTakesItselfForWhole_IsWhole() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2]).Array[1, 200].Sample(Run, iter: 10_000);

    private static void Run((Step Step, int Which)[] steps)
    {
        var world = new World();
        foreach (var (step, which) in steps)
        {
            world.Take(step, which);
            world.AssertTrue();
        }

        world.AssertSettles();
    }

    private sealed class World
    {
        private static readonly TimeSpan ListenTime = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        private readonly Silo[] _silos = [new(0), new(1), new(2)];
        private readonly Node[] _nodes = [new("a"), new("b"), new("c")];
        private NodeLeases _directory;
        private Owner? _owner;

        public World() => _directory = NewDirectory();

        public void Take(Step step, int which)
        {
            var silo = _silos[which];
            var node = _nodes[which];
            switch (step)
            {
                case Step.StopBegins when silo.Status == SiloStatus.Active && silo.Runs:
                    silo.Status = SiloStatus.ShuttingDown;
                    break;
                case Step.OwnerGoes when _owner is { Silo.Runs: true }:
                    // On a silo that stops, or for any other reason.
                    if (!_owner.Members.IsEmpty) _directory.RaiseGeneration();
                    _owner = null;
                    break;
                case Step.SiloIsKilled:
                    silo.Runs = false;
                    break;
                case Step.SiloIsDeclaredDead when !silo.Runs:
                    silo.Status = SiloStatus.Dead;
                    if (_owner?.Silo == silo) _owner = null;
                    break;
                case Step.SiloComes when silo.Status == SiloStatus.Dead:
                    silo.Ended.Add(silo.Address);
                    silo.Restart();
                    break;
                case Step.OwnerComesUp when _owner is null && silo is { Runs: true, Status: SiloStatus.Active }:
                    _owner = new Owner(silo);
                    break;
                case Step.OwnersSiloReadsTable when _owner is { Silo.Runs: true }:
                    _owner.Ended = ReadTable();
                    break;
                case Step.OwnersSiloAsksDirectory when _owner is { Silo.Runs: true, Ended: { } ended, Generation: null }:
                    if (_directory.Know(ended)) _directory.RaiseGeneration();
                    _owner.Generation = _directory.Generation;
                    _owner.Silo.View = _directory.View;
                    break;
                case Step.SiloHears when silo.Runs:
                    silo.View = _directory.View;
                    break;
                case Step.DirectoryIsLost:
                    _time.Advance(TimeSpan.FromMilliseconds(1));
                    _directory = NewDirectory();
                    break;
                case Step.NodeRegisters when node.Identity is null:
                    node.Begin(_directory);
                    break;
                case Step.NodeLeaves when node.Identity is { } identity:
                    _directory.Leave(identity);
                    _owner?.Members.Forget(identity);
                    node.End();
                    break;
                case Step.NodeJoins or Step.NodeLeavesRoom when node.Identity is not null && _owner is { Silo.Runs: true }:
                    node.Change(_owner.Members, step == Step.NodeJoins);
                    break;
                case Step.NodeHears when node.Identity is not null:
                    node.Hear(_directory);
                    break;
                case Step.NodeTellsAgain when node.Identity is not null && _owner is { Silo.Runs: true }:
                    node.TellAgain(_owner.Members);
                    break;
                case Step.NodeConfirms when node.Identity is not null:
                    node.Beat(_directory);
                    break;
                case Step.OwnerComesUpAndAsks:
                    Take(Step.OwnerComesUp, which);
                    Take(Step.OwnersSiloReadsTable, which);
                    Take(Step.OwnersSiloAsksDirectory, which);
                    break;
                case Step.OwnerOfAnotherRoomAsks:
                    if (_directory.Know(ReadTable())) _directory.RaiseGeneration();
                    break;
                case Step.NodeDoesAllItHasTo:
                    Take(Step.NodeHears, which);
                    Take(Step.NodeTellsAgain, which);
                    Take(Step.NodeConfirms, which);
                    break;
                case Step.SiloDies:
                    Take(Step.SiloIsKilled, which);
                    Take(Step.SiloIsDeclaredDead, which);
                    break;
                default:
                    break;
            }
        }

        public void AssertTrue()
        {
            if (_owner is not { Silo.Runs: true, IsWhole: true })
            {
                return;
            }

            var expected = _nodes.Where(node => node.IsIn).Select(node => node.Identity!.Value)
                .OrderBy(identity => identity.Id, StringComparer.Ordinal);
            Assert.Equal(expected, _owner.Members.NodesOf(Node.Room).OrderBy(identity => identity.Id, StringComparer.Ordinal));
        }

        // Once nothing dies any more, the owner is whole as soon as everybody has done his part once.
        public void AssertSettles()
        {
            foreach (var silo in _silos) if (!silo.Runs) Take(Step.SiloIsDeclaredDead, silo.Number);
            if (_owner is null)
            {
                foreach (var silo in _silos) if (silo.Status == SiloStatus.Dead) Take(Step.SiloComes, silo.Number);
                foreach (var silo in _silos) Take(Step.OwnerComesUp, silo.Number);
            }

            if (_owner is null)
            {
                // All silos are stopping.
                return;
            }

            Take(Step.OwnersSiloReadsTable, 0);
            Take(Step.OwnersSiloAsksDirectory, 0);
            foreach (var step in new[] { Step.NodeHears, Step.NodeTellsAgain, Step.NodeConfirms })
            {
                for (var i = 0; i < _nodes.Length; i++) Take(step, i);
            }

            Take(Step.SiloHears, _owner.Silo.Number);
            Assert.True(_owner.IsWhole);
            AssertTrue();
        }

        private ImmutableArray<EndedSilo> ReadTable() =>
        [
            .. _silos.SelectMany(silo => silo.Ended).Select(address => new EndedSilo(address, IsDead: true)),
            .. _silos.Where(silo => silo.Status != SiloStatus.Active)
                .Select(silo => new EndedSilo(silo.Address, silo.Status == SiloStatus.Dead)),
        ];

        private NodeLeases NewDirectory()
        {
            var directory = new NodeLeases(
                _time, new NodeLeaseRules(TimeSpan.FromHours(1), TimeSpan.FromHours(1), MaxDeparted: 1000, ListenTime));
            directory.Know(ReadTable());
            foreach (var node in _nodes) node.Beat(directory);
            for (var passed = TimeSpan.Zero; passed < ListenTime; passed += Interval)
            {
                _time.Advance(Interval);
                directory.Sweep([]);
            }

            return directory;
        }
    }

    private sealed class Silo(int number)
    {
        public int Number => number;

        public List<SiloAddress> Ended { get; } = [];

        public SiloAddress Address { get; private set; } = SiloAddress.New(IPAddress.Loopback, number + 1, 1);

        public SiloStatus Status { get; set; } = SiloStatus.Active;

        public bool Runs { get; set; } = true;

        public DirectoryView? View { get; set; }

        public void Restart()
        {
            Address = SiloAddress.New(IPAddress.Loopback, number + 1, Address.Generation + 1);
            (Status, Runs, View) = (SiloStatus.Active, true, null);
        }
    }

    private sealed class Owner(Silo silo)
    {
        public Silo Silo => silo;

        public RoomMembership Members { get; } = new();

        public ImmutableArray<EndedSilo>? Ended { get; set; }

        public long? Generation { get; set; }

        /// <summary>As <see cref="Completeness"/> decides.</summary>
        public bool IsWhole => Generation is { } generation && silo.View is { } view && view.Settled >= generation;
    }

    private sealed class Node(string id)
    {
        public const string Room = "r";

        private long _version;
        private long _acknowledged;
        private long _generation;
        private long _told;
        private long _confirmed;

        public NodeIdentity? Identity { get; private set; }

        public bool IsIn { get; private set; }

        public void Begin(NodeLeases directory)
        {
            Identity = directory.Register(id, 0);
            _generation = _told = _confirmed = directory.Generation;
            (_version, _acknowledged) = (0, 0);
        }

        public void End() => (Identity, IsIn) = (null, false);

        public void Change(RoomMembership owner, bool joins)
        {
            IsIn = joins;
            _version++;
            var delta = Delta(_acknowledged, joins) with { Changes = [new MembershipChange(Room, id, joins)] };
            if (_acknowledged == 0 || owner.Apply(delta, out _) == MembershipOutcome.SnapshotNeeded)
            {
                Assert.Equal(MembershipOutcome.Applied, owner.Apply(Delta(MembershipDelta.Snapshot, joins), out _));
            }

            _acknowledged = _version;
        }

        public void Hear(NodeLeases directory) => _generation = Math.Max(_generation, directory.Generation);

        public void TellAgain(RoomMembership owner)
        {
            _told = _generation;
            // A node that has nothing to say of a room says nothing.
            if (_acknowledged > 0 && IsIn)
            {
                _version++;
                Assert.Equal(MembershipOutcome.Applied, owner.Apply(Delta(MembershipDelta.Snapshot, IsIn), out _));
                _acknowledged = _version;
            }
        }

        // Also what a node that has told nothing says to a directory that it finds anew.
        public void Beat(NodeLeases directory)
        {
            if (Identity is { } identity)
            {
                _confirmed = Math.Max(_confirmed, _told);
                Assert.Equal(HeartbeatStatus.Renewed, directory.Heartbeat(identity, _confirmed));
            }
        }

        private MembershipDelta Delta(long from, bool isIn) => new()
        {
            Node = Identity!.Value,
            BaseVersion = from,
            Version = _version,
            Changes = isIn ? [new MembershipChange(Room, id, true)] : [],
        };
    }
}
