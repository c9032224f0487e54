using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership.Announcing;

/// <summary>
/// What the owner of one shard has been told of this node's members, what it is being told and what it still has to be told: the rules alone. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// One delta is under way at a time and stays the same until the owner has answered it; what changes meanwhile is merged into the next.
/// The first thing that an owner hears from a run is a snapshot. What is more than one message should carry goes in several: a snapshot in
/// parts, anything else as deltas that
/// follow one another.
/// </remarks>
/// <param name="shard">The number of the shard.</param>
/// <param name="maxSize">What one message should carry.</param>
internal sealed class OwnerAnnouncement(int shard, int maxSize = CallSize.Target)
{
    // An owner in which the node has nobody any more is asked so often whether it knows that; after that there is nothing it could have missed.
    private const int FinalVerifications = 3;

    // Those with members here.
    private readonly Dictionary<string, RoomHere> _rooms = new(StringComparer.Ordinal);
    private AnnouncementBatch _waiting = new();
    private MembershipDigest _digest;
    private AnnouncementBatch? _underWay;

    // The owner knows of these, but others may keep routes that lack this node, and have been asked to drop them.
    private readonly List<AnnouncementBatch> _held = [];
    private MembershipDelta? _delta;
    private MembershipChange[] _snapshot = [];
    private int _snapshotTold;
    private NodeRun? _run;
    private long _acknowledged;
    private bool _needsSnapshot = true;
    private bool _isReadingMembers;
    private bool _needsVerification;
    private bool _announcedWatch;
    private int _verificationsLeft;

    public int Shard { get; } = shard;

    /// <summary>With which others the owner is told. Kept by the caller, as are the next three.</summary>
    public OwnerGroup Group { get; set; } = new(silo: null);

    /// <summary>Whether the owner is being told something, or will be when its turn comes.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether it waits in its group.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>How often in a row it could not be reached.</summary>
    public int Failures { get; set; }

    /// <summary>Whether somebody waits until the owner knows something.</summary>
    public bool IsAwaited => _waiting.IsAwaited || (_underWay?.IsAwaited ?? false);

    /// <summary>Whether there is nothing to remember: no members here, as the owner knows for certain, and nothing to tell.</summary>
    public bool IsForgettable =>
        _rooms.Count == 0 && _verificationsLeft == 0 && _waiting.IsEmpty && !_waiting.IsAwaited && _underWay is null;

    /// <summary>Whether broadcasts to a room come to this node in any case, whoever else joins it.</summary>
    public bool IsRoutedTo(NodeRun? run, string room) => run is not null && run == _run && _rooms.TryGetValue(room, out var here) && here.Routed > 0;

    public void Joined(string room, string socketId)
    {
        ref var here = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms, room, out _);
        if (here.Routed == 0 && !IsUnderWay(here.Opening))
        {
            here.Opening = _waiting;
        }

        _verificationsLeft = FinalVerifications;
        _digest = _digest.With(room, socketId);
        _waiting.Set(room, socketId, joined: true);
    }

    /// <param name="room">The room.</param>
    /// <param name="socketId">The socket.</param>
    /// <param name="isEmpty">Whether it was the last of this node.</param>
    public void Left(string room, string socketId, bool isEmpty)
    {
        if (!IsBeingTold(room, socketId) && !_isReadingMembers && !ForgetHeld(room, socketId))
        {
            Count(room, -1);
        }

        _digest = _digest.Without(room, socketId);
        _waiting.Set(room, socketId, joined: false);
        if (isEmpty)
        {
            _rooms.Remove(room);
        }
    }

    /// <summary>
    /// Asks the owner, next time, whether it still knows what it was told. Completes when it has answered that, or something else that was said after
    /// the call.
    /// </summary>
    public Task Verify()
    {
        VerifyNext();
        return _waiting.Known;
    }

    /// <summary>Asks the owner, next time, whether it still knows what it was told.</summary>
    public void VerifyNext() => _needsVerification = true;

    /// <summary>Whether what the owner has to be told by a run is everything.</summary>
    public bool NeedsSnapshot(NodeRun run) => _needsSnapshot || run != _run || _delta is { IsSnapshot: true };

    /// <summary>Whether the owner has to be told something.</summary>
    public bool HasWork(NodeRun? run, bool watch) =>
        _underWay is not null || !_waiting.IsEmpty || _waiting.IsAwaited
        || (_rooms.Count > 0 && (_needsVerification || _needsSnapshot || _announcedWatch != watch || (run is not null && run != _run)))
        || (_verificationsLeft > 0 && run == _run && (_needsVerification || _needsSnapshot));

    /// <summary>
    /// Completes when broadcasts go where everything so far says that concerns a socket and a room; <see langword="null"/> when they do already.
    /// </summary>
    public Task? WhenRouted(string room, string socketId)
    {
        if (_waiting.Changes.TryGetValue((room, socketId), out var joined))
        {
            // What waits is told at once, so that the node does not leave the room in between, whoever of its sockets does.
            return joined && _rooms.TryGetValue(room, out var here) && IsUnderWay(here.Opening) ? here.Opening!.WhenRouted(room) : _waiting.WhenRouted(room);
        }

        if (_isReadingMembers || (_underWay?.Concerns(room, socketId) ?? false))
        {
            return _underWay!.WhenRouted(room);
        }

        foreach (var held in _held)
        {
            if (held.Concerns(room, socketId))
            {
                return held.WhenRouted(room);
            }
        }

        return null;
    }

    /// <summary>Completes when the owner knows of everything so far; <see langword="null"/> when it does already.</summary>
    public Task? WhenAllKnown() => !_waiting.IsEmpty ? _waiting.Known : _underWay?.Known;

    /// <summary>Begins to tell the owner what it has to be told, or begins again after a failure.</summary>
    /// <param name="run">The run that speaks.</param>
    /// <param name="watch">Whether the node wants to hear sizes.</param>
    /// <param name="rooms">The rooms whose members <see cref="SetMembers"/> must provide first, because a snapshot is due.</param>
    /// <returns>Whether there is anything to tell.</returns>
    public bool TryBegin(NodeRun run, bool watch, out string[]? rooms)
    {
        rooms = null;
        if (run != _run)
        {
            _run = run;
            _needsSnapshot = true;
            // Of the former run, whoever knew of it hears that it has departed.
            _verificationsLeft = _rooms.Count == 0 ? 0 : FinalVerifications;
        }

        if (_needsSnapshot)
        {
            if (!HasWork(run, watch))
            {
                return false;
            }

            BeginSnapshot();
            rooms = [.. _rooms.Keys];
            return true;
        }

        if (_delta is not null)
        {
            return true;
        }

        var isVerification = _waiting.IsEmpty && _announcedWatch == watch;
        if (isVerification && !_needsVerification && !_waiting.IsAwaited)
        {
            return false;
        }

        _underWay = TakeWaiting();
        _needsVerification = false;
        _delta = new MembershipDelta
        {
            Node = run.Identity,
            BaseVersion = _acknowledged,
            Version = isVerification ? _acknowledged : run.NextVersion(),
            Changes = ImmutableCollectionsMarshal.AsImmutableArray(_underWay.ToChanges()),
            WatchSizes = watch,
            Digest = _digest,
        };
        return true;
    }

    /// <summary>Provides what <see cref="TryBegin"/> asked for. What changed since is told once more with the next delta.</summary>
    public void SetMembers(IEnumerable<(string Room, IReadOnlyCollection<string> SocketIds)> members, bool watch)
    {
        var digest = default(MembershipDigest);
        foreach (var (room, socketIds) in members)
        {
            foreach (var socketId in socketIds)
            {
                _underWay!.Set(room, socketId, joined: true);
                digest = digest.With(room, socketId);
            }
        }

        _isReadingMembers = false;
        _snapshot = _underWay!.ToChanges();
        _snapshotTold = 0;
        _delta = NextPart(new MembershipDelta
        {
            Node = _run!.Identity,
            BaseVersion = MembershipDelta.Snapshot,
            Version = _run.NextVersion(),
            Changes = [],
            WatchSizes = watch,
            Digest = digest,
        });
    }

    /// <summary>About what the delta that is under way takes in a call.</summary>
    public long Size => _underWay?.Size ?? 0;

    /// <summary>The delta that is under way.</summary>
    public MembershipDelta Delta => _delta ?? throw new InvalidOperationException("Nothing is under way.");

    /// <summary>The owner has taken it.</summary>
    /// <param name="revoking">What it said, if others may keep routes that this made wrong, and are about to be asked to drop them.</param>
    /// <returns>
    /// The batch, if some of those who wait for broadcasts have to wait for that, or for the same on account of an earlier one: when both are over, it is
    /// <see cref="Routed"/>.
    /// </returns>
    public AnnouncementBatch? Applied(MembershipReply? revoking = null)
    {
        var delta = Delta;
        if (delta.HasMoreParts)
        {
            _delta = NextPart(delta with { PartsBefore = delta.PartsBefore + 1 });
            return null;
        }

        _snapshot = [];
        _acknowledged = delta.Version;
        _announcedWatch = delta.WatchSizes;
        if (delta.IsVerification && _rooms.Count == 0 && _verificationsLeft > 0)
        {
            _verificationsLeft--;
        }

        var batch = _underWay!;
        _underWay = null;
        _delta = null;
        batch.CompleteKnown();
        if (revoking is not null)
        {
            batch.Hold(revoking);
        }

        foreach (var earlier in _held)
        {
            batch.HoldAfter(earlier);
        }

        foreach (var (room, socketId) in _waiting.Changes.Keys)
        {
            // It is told once more, and counts then.
            batch.Changes.Remove((room, socketId));
        }

        Confirm(batch, held: false);
        if (!batch.CompleteUnlessHeld())
        {
            return null;
        }

        _held.Add(batch);
        return batch;
    }

    /// <summary>Nobody keeps a route any more that lacks this node on account of a batch.</summary>
    public void Routed(AnnouncementBatch batch)
    {
        // Unless a snapshot has taken its place since.
        if (_held.Remove(batch))
        {
            Confirm(batch, held: true);
            batch.Complete();
        }
    }

    /// <summary>The owner lacks what the delta builds on.</summary>
    public void SnapshotNeeded()
    {
        _needsSnapshot = true;
        _delta = null;
    }

    /// <summary>The owner refuses it for good; nobody shall wait for it, and the next change starts over with a snapshot.</summary>
    public void Refused()
    {
        _rooms.Clear();
        _verificationsLeft = 0;
        _needsSnapshot = true;
        var refused = _underWay!;
        _underWay = null;
        _delta = null;
        refused.Complete();
    }

    private AnnouncementBatch TakeWaiting()
    {
        if (!_waiting.TryTakeFirst(maxSize, out var first))
        {
            first = _waiting;
            _waiting = new AnnouncementBatch();
            return first;
        }

        foreach (var (room, _) in first.Changes.Keys)
        {
            ref var here = ref CollectionsMarshal.GetValueRefOrNullRef(_rooms, room);
            if (!Unsafe.IsNullRef(ref here) && here.Opening == _waiting)
            {
                here.Opening = first;
            }
        }

        return first;
    }

    private MembershipDelta NextPart(MembershipDelta part)
    {
        var end = _snapshotTold;
        for (long size = 0; end < _snapshot.Length && size < maxSize; end++)
        {
            size += _snapshot[end].Size;
        }

        var changes = ImmutableCollectionsMarshal.AsImmutableArray(_snapshot[_snapshotTold..end]);
        _snapshotTold = end;
        return part with { Changes = changes, HasMoreParts = end < _snapshot.Length };
    }

    private void BeginSnapshot()
    {
        var batch = new AnnouncementBatch();
        if (_underWay is not null)
        {
            batch.TakeWaitersOf(_underWay);
        }

        // The answer to a snapshot names everybody who may keep a route, so nothing earlier has to be waited for.
        foreach (var held in _held)
        {
            batch.TakeWaitersOf(held);
        }

        _held.Clear();
        batch.TakeWaitersOf(_waiting);
        _waiting = new AnnouncementBatch();
        _underWay = batch;
        _delta = null;
        _needsSnapshot = false;
        _needsVerification = false;
        _isReadingMembers = true;
        foreach (var room in _rooms.Keys)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_rooms, room) = new RoomHere { Opening = batch };
        }
    }

    // Counts the sockets that joined, in the rooms of a batch that are held or in the others.
    private void Confirm(AnnouncementBatch batch, bool held)
    {
        foreach (var ((room, socketId), joined) in batch.Changes)
        {
            if (batch.Holds(room) != held)
            {
                continue;
            }

            if (joined)
            {
                Count(room, 1);
            }

            // What stays is what is held: a socket that leaves is looked for there.
            batch.Changes.Remove((room, socketId));
        }
    }

    private void Count(string room, int change)
    {
        ref var here = ref CollectionsMarshal.GetValueRefOrNullRef(_rooms, room);
        if (!Unsafe.IsNullRef(ref here))
        {
            here.Routed += change;
            here.Opening = null;
        }
    }

    private bool IsUnderWay(AnnouncementBatch? batch) => batch is not null && batch == _underWay;

    // A socket that leaves while its joining is held is not counted when that is over.
    private bool ForgetHeld(string room, string socketId)
    {
        foreach (var held in _held)
        {
            if (held.Changes.Remove((room, socketId)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsBeingTold(string room, string socketId) =>
        _waiting.Concerns(room, socketId) || (_underWay?.Concerns(room, socketId) ?? false);

    private struct RoomHere
    {
        // How many of the members certainly receive what is sent to the room: the owner knows of them, and so does everybody who sends.
        public int Routed;

        // What brings the node into the room. Who joins while it is under way receives as soon as it has been taken, and need not wait to be known himself.
        public AnnouncementBatch? Opening;
    }
}
