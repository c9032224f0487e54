using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// The adapter of a server that works alone, and the local half of every adapter that does not: it knows this node's rooms and brings
/// packets to this node's sockets.
/// </summary>
/// <remarks>
/// Everything happens before a call returns, except waits for acks and for what sockets do themselves. Neither listeners nor sockets are
/// called while a lock is held, so they may call back. Room events come one at a time in the order of the changes; what a listener
/// changes is reported after the event it is hearing. An event encoded once is shared by all its recipients.
/// </remarks>
public sealed partial class InMemoryAdapter : IAdapter
{
    /// <summary>How long acks are awaited when the options do not say: 5 seconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly IAdapterNamespace _namespace;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly IMembershipObserver? _observer;
    private readonly MemoryRecovery? _recovery;
    private readonly Lock _lock = new();
    private readonly RoomTable _table = new();
    private readonly CallbackQueue<RoomEvent> _events;

    /// <summary>Creates the adapter of one namespace.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="timeProvider">Measures the wait for acks; the system's clock by default.</param>
    /// <param name="logger">Where listeners and sockets that throw are reported; nowhere by default.</param>
    /// <param name="observer">Records every change of membership; for adapters that are built on this one.</param>
    /// <remarks>Nothing is kept for clients that come back: that is up to the adapter that is built on this one.</remarks>
    public InMemoryAdapter(
        IAdapterNamespace ns, TimeProvider? timeProvider = null, ILogger<InMemoryAdapter>? logger = null, IMembershipObserver? observer = null)
        : this(ns, timeProvider, logger, observer, recovery: null, metrics: null)
    {
    }

    internal InMemoryAdapter(
        IAdapterNamespace ns, TimeProvider? timeProvider, ILogger<InMemoryAdapter>? logger, IMembershipObserver? observer,
        ConnectionStateRecoveryOptions? recovery, SocketIOMetrics? metrics)
    {
        ArgumentNullException.ThrowIfNull(ns);
        _namespace = ns;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _observer = observer;
        _events = new CallbackQueue<RoomEvent>(Raise);
        _recovery = recovery is null ? null : new MemoryRecovery(recovery, ns.Name, _timeProvider, _logger, metrics);
    }

    /// <inheritdoc/>
    public event Action<string>? RoomCreated;

    /// <inheritdoc/>
    public event Action<string>? RoomDeleted;

    /// <inheritdoc/>
    public event Action<string, string>? SocketJoinedRoom;

    /// <inheritdoc/>
    public event Action<string, string>? SocketLeftRoom;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> LocalRooms
    {
        get
        {
            lock (_lock)
            {
                return _table.Rooms();
            }
        }
    }

    /// <summary>How many sockets of this node are known, connected or not yet.</summary>
    public int LocalSocketCount
    {
        get
        {
            lock (_lock)
            {
                return _table.SocketCount;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync(CancellationToken cancellationToken = default) => default;

    /// <inheritdoc/>
    public ValueTask AddAllAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        AddAll(socketId, rooms);
        return default;
    }

    /// <inheritdoc cref="AddAllAsync"/>
    public void AddAll(string socketId, IReadOnlyCollection<string> rooms)
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
                _observer?.OnSocketCountChanged(_table.SocketCount);
            }

            foreach (var room in rooms)
            {
                Join(socketId, room);
            }
        }

        _events.Run();
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string socketId, string room, CancellationToken cancellationToken = default)
    {
        Remove(socketId, room);
        return default;
    }

    /// <inheritdoc cref="RemoveAsync"/>
    public void Remove(string socketId, string room)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            Leave(socketId, room);
        }

        _events.Run();
    }

    /// <inheritdoc/>
    public ValueTask RemoveAllAsync(string socketId, CancellationToken cancellationToken = default)
    {
        RemoveAll(socketId);
        return default;
    }

    /// <inheritdoc cref="RemoveAllAsync"/>
    public void RemoveAll(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        lock (_lock)
        {
            foreach (var room in _table.RoomsOf(socketId) ?? [])
            {
                Leave(socketId, room);
            }

            if (_table.RemoveSocket(socketId))
            {
                _observer?.OnSocketCountChanged(_table.SocketCount);
            }
        }

        _events.Run();
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? SocketRooms(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        lock (_lock)
        {
            return _table.RoomsOf(socketId);
        }
    }

    /// <summary>The ids of this node's sockets in a room, in the order of joining.</summary>
    public IReadOnlyCollection<string> LocalMembers(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            return _table.MembersOf(room);
        }
    }

    /// <summary>Whether a socket of this node is known, connected or not yet.</summary>
    public bool IsKnown(string socketId)
    {
        ArgumentNullException.ThrowIfNull(socketId);
        lock (_lock)
        {
            return _table.IsKnown(socketId);
        }
    }

    /// <summary>The number of this node's sockets in a room.</summary>
    public int LocalRoomSize(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_lock)
        {
            return _table.SizeOf(room);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) => new(1);

    /// <inheritdoc/>
    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default) => new(LocalRoomSize(room));

    /// <inheritdoc/>
    public ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default) => new(LocalSocketCount);

    /// <summary>Does nothing: there are no other nodes.</summary>
    public ValueTask ServerSideEmitAsync(Packet packet, CancellationToken cancellationToken = default) => default;

    /// <summary>Answers at once with no responses: there are no other nodes.</summary>
    public ValueTask<ServerSideEmitResult> ServerSideEmitWithAckAsync(
        Packet packet, TimeSpan? timeout, CancellationToken cancellationToken = default) => new(new ServerSideEmitResult([], []));

    /// <summary>Forgets what was kept for clients that are away.</summary>
    public ValueTask DisposeAsync()
    {
        _recovery?.Dispose();
        return default;
    }

    private void Join(string socketId, string room)
    {
        var outcome = _table.Join(socketId, room);
        if (outcome == JoinOutcome.AlreadyMember)
        {
            return;
        }

        _observer?.OnJoined(socketId, room, _table.SizeOf(room));
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

        _observer?.OnLeft(socketId, room, _table.SizeOf(room));
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
