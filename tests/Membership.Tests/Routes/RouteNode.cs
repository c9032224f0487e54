using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Membership.Routes;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Routing;
using NodeRun = OrleansRooms.Messaging.Cluster.NodeRun;

namespace OrleansRooms.Membership.Tests.Routes;

/// <summary>A node with up to two sockets in the room.</summary>
internal sealed class RouteNode
{
    public const string Room = "r";

    private static readonly Task Unknown = new TaskCompletionSource().Task;

    // A snapshot of more than one socket goes in parts.
    private const int MaxSize = 1;

    private int _calls;
    private bool _isTelling;
    private NodeRun _run = new(default);
    private readonly Dictionary<string, Task> _sockets = [];
    private Task _verified = Task.CompletedTask;
    private long _telling;

    public RouteNode(string id, TimeProvider time)
    {
        Id = id;
        Caches = new RouteCaches(time);
        Revoked = new RevokedRoutes(time);
        Cache = Caches.Open("/");
    }

    public string Id { get; }

    public RouteCaches Caches { get; }

    public RouteCache Cache { get; }

    public RevokedRoutes Revoked { get; }

    public OwnerAnnouncement Announcement { get; private set; } = new(0, MaxSize);

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
        // Until it has told everything anew, its sockets are missed by those who ask as well, and nobody waits again for what was
        // acknowledged before.
        foreach (var socket in _sockets.Keys) _sockets[socket] = Unknown;
    }

    public void Join(int number)
    {
        var socket = $"{Id}{number}";
        if (_sockets.ContainsKey(socket)) return;
        Announcement.Joined(Room, socket);
        // As MembershipAnnouncer.WhenRoutedAsync decides.
        _sockets[socket] = Announcement.IsRoutedTo(_run, Room)
            ? Task.CompletedTask
            : Announcement.WhenRouted(Room, socket) ?? Task.CompletedTask;
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
            if (Announcement.IsForgettable) Announcement = new OwnerAnnouncement(0, MaxSize);
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
            foreach (var socket in _sockets.Keys.Where(socket => _sockets[socket] == Unknown).ToArray())
            {
                _sockets[socket] = Task.CompletedTask;
            }
        }
    }
}
