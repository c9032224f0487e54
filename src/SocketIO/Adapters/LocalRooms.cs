using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// The rooms of one namespace as far as this server's own sockets go: which of them are in which room, and what brings packets to them. A
/// namespace has one, whatever its adapter; the adapter is handed it, to deliver what other servers send.
/// </summary>
/// <remarks>
/// Everything happens before a call returns, except waits for acks and for what sockets do themselves. Neither listeners nor sockets are
/// called while a lock is held, so they may call back. Room events come one at a time in the order of the changes; what a listener
/// changes is reported after the event it is hearing. An event encoded once is shared by all its recipients.
/// </remarks>
public sealed partial class LocalRooms
{
    private readonly IAdapterNamespace _namespace;
    private readonly ILogger _logger;
    private readonly MemoryRecovery? _recovery;
    private readonly Lock _lock = new();
    private readonly RoomTable _table = new();
    private readonly CallbackQueue<RoomEvent> _events;

    internal LocalRooms(IAdapterNamespace ns, ILogger logger, MemoryRecovery? recovery = null)
    {
        _namespace = ns;
        _logger = logger;
        _recovery = recovery;
        _events = new CallbackQueue<RoomEvent>(Raise);
    }

    /// <summary>The first socket of this server entered a room (<c>create-room</c>).</summary>
    public event Action<string>? RoomCreated;

    /// <summary>The last socket of this server left a room (<c>delete-room</c>).</summary>
    public event Action<string>? RoomDeleted;

    /// <summary>A socket of this server joined a room (<c>join-room</c>): room, socket id.</summary>
    public event Action<string, string>? SocketJoinedRoom;

    /// <summary>A socket of this server left a room (<c>leave-room</c>): room, socket id.</summary>
    public event Action<string, string>? SocketLeftRoom;

    /// <summary>Who tells the other servers of every change; set before the first.</summary>
    internal IAdapter? Adapter { get; set; }

    /// <summary>The rooms that sockets of this server are in, private rooms included.</summary>
    public IReadOnlyCollection<string> Rooms
    {
        get
        {
            lock (_lock)
            {
                return _table.Rooms();
            }
        }
    }

    /// <summary>How many sockets of this server are known, connected or not yet.</summary>
    public int SocketCount
    {
        get
        {
            lock (_lock)
            {
                return _table.SocketCount;
            }
        }
    }

    /// <summary>Adds a socket to rooms, in their order; the socket is known from then on, even without rooms.</summary>
    internal void AddAll(string socketId, IReadOnlyCollection<string> rooms)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        ArgumentNullException.ThrowIfNull(rooms);
        lock (_lock)
        {
            if (_table.WouldExceed(socketId, rooms, _namespace.MaxRoomsPerSocket))
            {
                throw new RoomLimitException(
                    $"Socket '{socketId}' may be in {_namespace.MaxRoomsPerSocket} rooms ({nameof(SocketIOOptions.MaxRoomsPerSocket)}).");
            }

            if (_table.AddSocket(socketId))
            {
                Adapter?.OnSocketCountChanged(_table.SocketCount);
            }

            foreach (var room in rooms)
            {
                Join(socketId, room);
            }
        }

        _events.Run();
    }

    /// <summary>Takes a socket out of a room; unknown sockets and rooms are ignored.</summary>
    internal void Remove(string socketId, string room)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            Leave(socketId, room);
        }

        _events.Run();
    }

    /// <summary>Takes a socket out of all its rooms, in the order in which it joined them, and forgets it.</summary>
    /// <returns>The rooms.</returns>
    internal IReadOnlyCollection<string> RemoveAll(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        string[] rooms;
        lock (_lock)
        {
            rooms = _table.RoomsOf(socketId) ?? [];
            foreach (var room in rooms)
            {
                Leave(socketId, room);
            }

            if (_table.RemoveSocket(socketId))
            {
                Adapter?.OnSocketCountChanged(_table.SocketCount);
            }
        }

        _events.Run();
        return rooms;
    }

    /// <summary>The rooms of one of this server's sockets in the order of joining, or <see langword="null"/> if it is unknown.</summary>
    public IReadOnlyCollection<string>? SocketRooms(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        lock (_lock)
        {
            return _table.RoomsOf(socketId);
        }
    }

    /// <summary>The ids of this server's sockets in a room, in the order of joining.</summary>
    public IReadOnlyCollection<string> Members(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            return _table.MembersOf(room);
        }
    }

    /// <summary>Whether a socket of this server is known, connected or not yet.</summary>
    public bool IsKnown(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        lock (_lock)
        {
            return _table.IsKnown(socketId);
        }
    }

    /// <summary>The number of this server's sockets in a room.</summary>
    public int Size(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            return _table.SizeOf(room);
        }
    }

    private void Join(string socketId, string room)
    {
        var outcome = _table.Join(socketId, room);
        if (outcome == JoinOutcome.AlreadyMember)
        {
            return;
        }

        Adapter?.OnJoined(socketId, room, _table.SizeOf(room));
        if (outcome == JoinOutcome.JoinedNewRoom && RoomCreated is not null)
        {
            _events.Add(new RoomEvent(RoomEventKind.Created, room));
        }

        if (outcome == JoinOutcome.JoinedNewRoom)
        {
            NoteChange(room, RoomEventKind.Appeared);
        }

        if (SocketJoinedRoom is not null)
        {
            _events.Add(new RoomEvent(RoomEventKind.Joined, room, socketId));
        }

        NoteSize(room);
    }

    private void Leave(string socketId, string room)
    {
        var outcome = _table.Leave(socketId, room);
        if (outcome == LeaveOutcome.NotAMember)
        {
            return;
        }

        Adapter?.OnLeft(socketId, room, _table.SizeOf(room));
        if (SocketLeftRoom is not null)
        {
            _events.Add(new RoomEvent(RoomEventKind.Left, room, socketId));
        }

        if (outcome == LeaveOutcome.LeftLast && RoomDeleted is not null)
        {
            _events.Add(new RoomEvent(RoomEventKind.Deleted, room));
        }

        if (outcome == LeaveOutcome.LeftLast)
        {
            NoteChange(room, RoomEventKind.Vanished);
        }

        NoteSize(room);
    }

    private void Raise(RoomEvent change)
    {
        try
        {
            switch (change.Kind)
            {
                case RoomEventKind.Created:
                    RoomCreated?.Invoke(change.Room);
                    break;
                case RoomEventKind.Joined:
                    SocketJoinedRoom?.Invoke(change.Room, change.SocketId!);
                    break;
                case RoomEventKind.Left:
                    SocketLeftRoom?.Invoke(change.Room, change.SocketId!);
                    break;
                case RoomEventKind.Deleted:
                    RoomDeleted?.Invoke(change.Room);
                    break;
                case RoomEventKind.Appeared:
                    _roomListeners?.Invoke(new RoomChange(change.Room, RoomChangeKind.Created));
                    break;
                case RoomEventKind.Vanished:
                    _roomListeners?.Invoke(new RoomChange(change.Room, RoomChangeKind.Deleted));
                    break;
                default:
                    _sizeListeners?.Invoke(new RoomSize(change.Room, change.Size));
                    break;
            }
        }
        catch (Exception ex)
        {
            // A listener must not keep a socket from joining, nor other listeners from hearing of it.
            Log.ListenerFailed(_logger, change.Kind, change.Room, _namespace.Name, ex);
        }
    }

    private readonly record struct RoomEvent(RoomEventKind Kind, string Room, string? SocketId = null, int Size = 0);

    private enum RoomEventKind
    {
        Created,
        Joined,
        Left,
        Deleted,
        Sized,
        Appeared,
        Vanished,
    }
}
