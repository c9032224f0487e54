using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership.Tests.Announcing;

/// <summary>A node with its own members, an announcement and the owner on the other side.</summary>
internal sealed class AnnouncingNode(int maxSize = 1024 * 1024)
{
    private readonly Dictionary<(string Room, string SocketId), Task> _joins = [];
    private long _epoch = 1;
    private bool _ownerLost;

    public OwnerAnnouncement Announcement { get; } = new(0, maxSize);

    public OwnerModel Owner { get; } = new();

    public NodeRun Run { get; private set; } = new(new NodeIdentity("n", 1));

    public HashSet<(string Room, string SocketId)> Members { get; } = [];

    public List<Task> Waiting { get; } = [];

    public void Join(string room, string socketId)
    {
        if (Members.Add((room, socketId))) Announcement.Joined(room, socketId);
        // As MembershipAnnouncer.WhenRoutedAsync decides.
        var known = Announcement.IsRoutedTo(Run, room) ? null : Announcement.WhenRouted(room, socketId);
        _joins.TryAdd((room, socketId), known ?? Task.CompletedTask);
        if (known is not null) Waiting.Add(known);
    }

    public void Leave(string room, string socketId)
    {
        if (Members.Remove((room, socketId))) Announcement.Left(room, socketId, !Members.Any(m => m.Room == room));
        _joins.Remove((room, socketId));
        if (Announcement.WhenRouted(room, socketId) is { } known) Waiting.Add(known);
    }

    public void Register() => Run = new NodeRun(new NodeIdentity("n", ++_epoch));

    // The owner hears of the end of the former run, as it does whenever a node registers anew.
    public void Depart()
    {
        Register();
        Owner.Forget(Run.Identity);
    }

    public void LoseOwner()
    {
        Owner.Forget();
        _ownerLost = true;
    }

    public bool TryBegin(bool watch = false)
    {
        if (!Announcement.TryBegin(Run, watch, out var rooms)) return false;
        if (rooms is not null)
        {
            Announcement.SetMembers(
                rooms.Select(room => (room, (IReadOnlyCollection<string>)[.. Members.Where(m => m.Room == room).Select(m => m.SocketId)])),
                watch);
        }

        return true;
    }

    public MembershipDelta Begin(bool watch = false)
    {
        Assert.True(TryBegin(watch));
        return Announcement.Delta;
    }

    public MembershipOutcome Deliver()
    {
        var isPart = Announcement.Delta.HasMoreParts;
        var outcome = Apply();
        if (outcome == MembershipOutcome.Applied)
        {
            Announcement.Applied();
            _ownerLost &= isPart;
        }
        else
        {
            Announcement.SnapshotNeeded();
        }

        return outcome;
    }

    public AnnouncementBatch? Deliver(MembershipReply? revoking)
    {
        Assert.Equal(MembershipOutcome.Applied, Owner.Apply(Announcement.Delta));
        return Announcement.Applied(revoking);
    }

    public void TryTell(bool answerIsLost = false)
    {
        if (!TryBegin()) return;
        if (answerIsLost) Apply();
        else Deliver();
    }

    // Of a run that is new to the owner nothing is known before it has all parts, and of the former nothing any more.
    private MembershipOutcome Apply()
    {
        _ownerLost |= Announcement.Delta.HasMoreParts && Owner.Run != Announcement.Delta.Node;
        return Owner.Apply(Announcement.Delta);
    }

    public void Tell()
    {
        Begin();
        Deliver();
    }

    public void Settle()
    {
        for (var i = 0; TryBegin(); i++)
        {
            Assert.True(i < 100, "It does not come to an end.");
            Deliver();
        }
    }

    // As it goes on every VerifyInterval.
    public void VerifyToTheEnd()
    {
        for (var i = 0; i < 10 && !Announcement.IsForgettable; i++)
        {
            Announcement.VerifyNext();
            Settle();
        }
    }

    public void CheckRoutes()
    {
        if (_ownerLost) return;
        foreach (var room in new[] { "r", "s" })
        {
            if (Announcement.IsRoutedTo(Run, room) || _joins.Any(join => join.Key.Room == room && join.Value.IsCompleted))
            {
                Assert.Contains(Owner.Members, member => member.Room == room);
            }
        }
    }
}
