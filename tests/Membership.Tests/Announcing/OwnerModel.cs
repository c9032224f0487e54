using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.Membership.Tests.Announcing;

/// <summary>What an owner owes a node according to the contract of <see cref="MembershipDelta"/>, and nothing else.</summary>
internal sealed class OwnerModel
{
    private NodeIdentity _run;
    private long _version;
    private long _partsVersion;
    private readonly List<MembershipChange> _parts = [];
    private int _partCount;

    public NodeIdentity Run => _run;

    public HashSet<(string Room, string SocketId)> Members { get; } = [];

    public MembershipOutcome Apply(MembershipDelta delta)
    {
        if (_version > 0 && delta.Node.Epoch < _run.Epoch) return MembershipOutcome.Fenced;
        if (delta.Node != _run) Forget(delta.Node);
        if (delta.IsVerification && _version > 0 && delta.Version == _version && delta.Digest != DigestOf(Members))
        {
            return MembershipOutcome.SnapshotNeeded;
        }
        if (delta.Version < _version || (delta.Version == _version && (!delta.IsSnapshot || delta.PartsBefore > 0) && _version > 0))
        {
            return MembershipOutcome.Applied;
        }

        if (!delta.IsSnapshot && delta.BaseVersion != _version) return MembershipOutcome.SnapshotNeeded;
        if (delta.IsPart && delta.PartsBefore == 0 && _partsVersion != delta.Version)
        {
            (_partsVersion, _partCount) = (delta.Version, 0);
            _parts.Clear();
        }

        if (delta.IsPart)
        {
            if (_partsVersion != delta.Version || delta.PartsBefore > _partCount) return MembershipOutcome.SnapshotNeeded;
            if (delta.PartsBefore == _partCount)
            {
                _parts.AddRange(delta.Changes);
                _partCount++;
            }

            if (delta.HasMoreParts) return MembershipOutcome.Applied;
        }

        if (delta.IsSnapshot) Members.Clear();
        foreach (var change in delta.IsPart ? [.. _parts] : delta.Changes.ToArray())
        {
            if (change.Joined) Members.Add((change.Room, change.SocketId));
            else Members.Remove((change.Room, change.SocketId));
        }

        _version = delta.Version;
        _partsVersion = 0;
        return MembershipOutcome.Applied;
    }

    private static MembershipDigest DigestOf(HashSet<(string Room, string SocketId)> members) =>
        members.Aggregate(default(MembershipDigest), (digest, member) => digest.With(member.Room, member.SocketId));

    /// <summary>Loses everything, as a grain whose silo died.</summary>
    public void Forget(NodeIdentity run = default)
    {
        _run = run;
        _version = _partsVersion = 0;
        Members.Clear();
    }
}
