using System.Collections.Immutable;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Grains.Rooms;

/// <summary>
/// The rules of membership: which sockets of which nodes are in which rooms of a shard, as the nodes say by deltas and snapshots.
/// </summary>
/// <remarks>Not thread-safe. Every change is whole or does not happen.</remarks>
internal sealed class RoomMembership
{
    private readonly Dictionary<string, NodeRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoomMembers> _rooms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resized = new(StringComparer.Ordinal);
    private readonly List<string> _emptied = [];
    private readonly List<string> _rerouted = [];
    private int _watchingRuns;

    /// <summary>Whether no room has a member.</summary>
    public bool IsEmpty => _rooms.Count == 0;

    /// <summary>The number of rooms with members.</summary>
    public int RoomCount => _rooms.Count;

    /// <summary>Where it is written down which rooms come and go, private ones left out; nowhere, as long as nobody follows them.</summary>
    public RoomLog? Log { get; set; }

    /// <summary>Whether rooms are waiting in <see cref="TakeResized"/>.</summary>
    public bool HasResized => _resized.Count > 0;

    /// <summary>
    /// The rooms that the node of the last <see cref="Apply(ref MembershipDelta, out bool)"/> is new in or has left by it.
    /// <see langword="null"/> when that is not certain, because it was a
    /// snapshot or may have been applied before: any of its rooms then.
    /// </summary>
    public IReadOnlyList<string>? Rerouted { get; private set; }

    /// <summary>Takes what a node says.</summary>
    /// <param name="delta">What it says; must be well-formed.</param>
    /// <param name="isNewRun">Whether this is the first that was applied of the node's run.</param>
    public MembershipOutcome Apply(MembershipDelta delta, out bool isNewRun) => Apply(ref delta, out isNewRun);

    /// <summary>Takes what a node says.</summary>
    /// <param name="delta">What it says; must be well-formed. The last part of a snapshot becomes the whole; of the parts before it
    /// nothing is seen yet.</param>
    /// <param name="isNewRun">Whether this is the first that was applied of the node's run.</param>
    public MembershipOutcome Apply(ref MembershipDelta delta, out bool isNewRun)
    {
        isNewRun = false;
        Rerouted = null;
        _rerouted.Clear();
        if (_runs.TryGetValue(delta.Node.Id, out var run))
        {
            if (delta.Node.Epoch < run.Identity.Epoch)
            {
                return MembershipOutcome.Fenced;
            }

            if (delta.Node.Epoch > run.Identity.Epoch)
            {
                Forget(run.Identity);
                run = null;
            }
        }

        var version = run?.Version ?? 0;
        if (delta.IsVerification && run is not null && delta.Version == version && run.Digest != delta.Digest)
        {
            return MembershipOutcome.SnapshotNeeded;
        }

        if (delta.Version < version || (delta.Version == version && (!delta.IsSnapshot || delta.PartsBefore > 0) && run is not null))
        {
            return MembershipOutcome.Applied;
        }

        if (!delta.IsSnapshot && delta.BaseVersion != version)
        {
            return MembershipOutcome.SnapshotNeeded;
        }

        if (run is null)
        {
            isNewRun = true;
            run = new NodeRun(delta.Node);
            _runs.Add(delta.Node.Id, run);
        }

        if (delta.IsPart && !TryComplete(run, ref delta, out var outcome))
        {
            return outcome;
        }

        run.Parts = null;
        if (delta.IsSnapshot)
        {
            RemoveAllOf(run);
        }

        if (!delta.IsSnapshot)
        {
            Rerouted = _rerouted;
        }

        run.Version = delta.Version;
        Watch(run, delta.WatchSizes);
        foreach (var change in delta.Changes)
        {
            if (change.Joined)
            {
                Join(run, change.Room, change.SocketId);
            }
            else
            {
                Leave(run, change.Room, change.SocketId);
            }
        }

        DropEmptied();
        return MembershipOutcome.Applied;
    }

    /// <summary>
    /// Whether exactly what a delta leads to has been applied: asked for a snapshot all the same, its node holds other members.
    /// </summary>
    public bool IsAt(MembershipDelta delta) =>
        _runs.TryGetValue(delta.Node.Id, out var run) && run.Identity == delta.Node && run.Version == delta.Version;

    /// <summary>Drops all that one run of a node said, because it departed; a newer run of the node stays.</summary>
    /// <returns>Whether the run was known.</returns>
    public bool Forget(NodeIdentity node)
    {
        if (!_runs.TryGetValue(node.Id, out var run) || run.Identity != node)
        {
            return false;
        }

        _runs.Remove(node.Id);
        Watch(run, false);
        RemoveAllOf(run);
        DropEmptied();
        return true;
    }

    /// <summary>The runs of nodes that are known here, with or without members.</summary>
    public void CopyRunsTo(List<NodeIdentity> runs)
    {
        foreach (var run in _runs.Values)
        {
            runs.Add(run.Identity);
        }
    }

    /// <summary>The number of sockets in a room.</summary>
    public int SizeOf(string room) => _rooms.TryGetValue(room, out var members) ? members.Size : 0;

    /// <summary>The nodes with sockets in a room.</summary>
    public ImmutableArray<NodeIdentity> NodesOf(string room) => _rooms.TryGetValue(room, out var members) ? members.Nodes : [];

    /// <summary>The sockets in a room.</summary>
    public ImmutableArray<RoomMember> MembersOf(string room) => _rooms.TryGetValue(room, out var members) ? members.ToMembers() : [];

    /// <summary>Whether a socket is in a room.</summary>
    public bool Contains(string room, string socketId) => _rooms.TryGetValue(room, out var members) && members.Contains(socketId);

    /// <summary>The rooms with members, private ones left out, whose names begin with a prefix and come behind another name, in ordinal
    /// order: as many as one message carries.</summary>
    public RoomPage List(string prefix, string? after, int limit)
    {
        var found = new List<string>();
        foreach (var room in _rooms.Keys)
        {
            if (room.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(room, after) > 0)
                && !PrivateRooms.Include(room))
            {
                found.Add(room);
            }
        }

        found.Sort(StringComparer.Ordinal);
        var count = 0;
        for (var size = 0L; count < Math.Min(limit, found.Count); count++)
        {
            size += found[count].Length + CallSize.PerName;
            if (count > 0 && size > CallSize.Target)
            {
                break;
            }
        }

        return new RoomPage([.. found[..count]], HasMore: count < found.Count);
    }

    /// <summary>
    /// Moves the rooms whose sizes changed since the last call to a list, without those that hold nothing but the socket of their own name:
    /// private rooms are reported only once they have been shared.
    /// </summary>
    public void TakeResized(List<string> rooms)
    {
        foreach (var room in _resized)
        {
            if (_rooms.TryGetValue(room, out var members) && (members.IsAnnounced || !members.HoldsOnly(room)))
            {
                rooms.Add(room);
            }
        }

        _resized.Clear();
    }

    /// <summary>Makes a room come up in <see cref="TakeResized"/> again.</summary>
    public void MarkResized(string room) => _resized.Add(room);

    /// <summary>Lists the nodes that are in a room and want to hear its size, which counts as announced from now on.</summary>
    /// <returns>The size.</returns>
    public int Announce(string room, List<NodeIdentity> watchers)
    {
        if (!_rooms.TryGetValue(room, out var members))
        {
            return 0;
        }

        members.CopyWatchersTo(watchers);
        members.IsAnnounced |= watchers.Count > 0;
        return members.Size;
    }

    // What a run is known to hold stays as it is until the last part is here.
    private bool TryComplete(NodeRun run, ref MembershipDelta part, out MembershipOutcome outcome)
    {
        Rerouted = _rerouted;
        outcome = MembershipOutcome.Applied;
        if (part.PartsBefore == 0 && run.Parts?.Version != part.Version)
        {
            run.Parts = new SnapshotParts(part.Version);
        }

        if (run.Parts is not { } parts || parts.Version != part.Version || !parts.TryTake(part))
        {
            // Those before were told to an owner that is lost.
            outcome = MembershipOutcome.SnapshotNeeded;
            return false;
        }

        if (part.HasMoreParts)
        {
            return false;
        }

        Rerouted = null;
        part = parts.Whole(part);
        return true;
    }

    private void Join(NodeRun run, string room, string socketId)
    {
        if (!_rooms.TryGetValue(room, out var members))
        {
            members = new RoomMembers();
            _rooms.Add(room, members);
            Noted(room, exists: true);
        }

        var isNew = !members.Holds(run);
        if (members.Add(run, socketId))
        {
            run.Digest = run.Digest.With(room, socketId);
            Resized(room);
        }

        if (isNew)
        {
            _rerouted.Add(room);
        }
    }

    private void Leave(NodeRun run, string room, string socketId)
    {
        if (_rooms.TryGetValue(room, out var members) && members.Remove(run, socketId))
        {
            run.Digest = run.Digest.Without(room, socketId);
            Left(room, members);
            if (!members.Holds(run))
            {
                _rerouted.Add(room);
            }
        }
    }

    private void Noted(string room, bool exists)
    {
        if (Log is not null && !PrivateRooms.Include(room))
        {
            Log.Add(room, exists);
        }
    }

    // Walks all rooms: it happens once per death or snapshot, and an index by node would double what a membership costs.
    private void RemoveAllOf(NodeRun run)
    {
        run.Digest = default;
        foreach (var (room, members) in _rooms)
        {
            if (members.RemoveAll(run))
            {
                Left(room, members);
            }
        }
    }

    private void Left(string room, RoomMembers members)
    {
        Resized(room);
        if (members.Size == 0)
        {
            _emptied.Add(room);
        }
    }

    private void Resized(string room)
    {
        if (_watchingRuns > 0)
        {
            _resized.Add(room);
        }
    }

    private void Watch(NodeRun run, bool watches)
    {
        if (run.WatchesSizes == watches)
        {
            return;
        }

        run.WatchesSizes = watches;
        _watchingRuns += watches ? 1 : -1;
        if (!watches)
        {
            return;
        }

        // What changed between the node's decision and now, nobody has told it.
        foreach (var (room, members) in _rooms)
        {
            if (members.Holds(run))
            {
                _resized.Add(room);
            }
        }
    }

    // Not at once: in the same delta, or snapshot, the room may fill again and must not lose that it was announced.
    private void DropEmptied()
    {
        foreach (var room in _emptied)
        {
            if (_rooms.TryGetValue(room, out var members) && members.Size == 0)
            {
                _rooms.Remove(room);
                _resized.Remove(room);
                Noted(room, exists: false);
            }
        }

        _emptied.Clear();
    }
}
