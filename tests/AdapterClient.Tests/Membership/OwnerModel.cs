using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;

namespace OrleansRooms.AdapterClient.Tests.Membership;

/// <summary>What an owner owes a node according to the contract of <see cref="MembershipDelta"/>, and nothing else.</summary>
internal sealed class OwnerModel
{
    private NodeIdentity _run;
    private long _version;

    public HashSet<(string Room, string SocketId)> Members { get; } = [];

    public MembershipOutcome Apply(MembershipDelta delta)
    {
        if (_version > 0 && delta.Node.Epoch < _run.Epoch) return MembershipOutcome.Fenced;
        if (delta.Node != _run) Forget(delta.Node);
        if (delta.IsVerification && _version > 0 && delta.Version == _version && delta.Digest != DigestOf(Members)) return MembershipOutcome.SnapshotNeeded;
        if (delta.Version < _version || (delta.Version == _version && !delta.IsSnapshot && _version > 0)) return MembershipOutcome.Applied;
        if (!delta.IsSnapshot && delta.BaseVersion != _version) return MembershipOutcome.SnapshotNeeded;
        if (delta.IsSnapshot) Members.Clear();
        foreach (var change in delta.Changes)
        {
            if (change.Joined) Members.Add((change.Room, change.SocketId));
            else Members.Remove((change.Room, change.SocketId));
        }

        _version = delta.Version;
        return MembershipOutcome.Applied;
    }

    private static MembershipDigest DigestOf(HashSet<(string Room, string SocketId)> members) =>
        members.Aggregate(default(MembershipDigest), (digest, member) => digest.With(member.Room, member.SocketId));

    /// <summary>Loses everything, as a grain whose silo died.</summary>
    public void Forget(NodeIdentity run = default)
    {
        _run = run;
        _version = 0;
        Members.Clear();
    }
}
