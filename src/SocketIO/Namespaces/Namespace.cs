using System.Collections.Immutable;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Recovery;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>A namespace of this server: its sockets, its middlewares and listeners, and the adapter behind it.</summary>
internal sealed partial class Namespace : PipelineOwner, INamespace, IAdapterNamespace
{
    private static readonly TimeSpan Never = System.Threading.Timeout.InfiniteTimeSpan;

    private readonly ConcurrentDictionary<string, ISocket> _sockets = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private LocalRooms? _local;
    private NamespaceRooms? _rooms;
    private ITimer? _keeping;
    private TimeSpan _keptFor;
    private long _keptSince;
    private int _isStarted;
    private int _users;
    private bool _isKept;
    private bool _isRemoved;
    private long _lastAckId = -1;

    public Namespace(SocketIOServer server, string name, ParentNamespace? parent)
    {
        Server = server;
        Name = name;
        Parent = parent;
        Pipeline = parent is null
            ? new ConnectionPipeline(server.ApplicationServices, name)
            : new ConnectionPipeline(parent.Pipeline, name);
        _logger = server.NamespaceLogger;
        Sockets = new LiveDictionary<string, ISocket>(_sockets);
        _serverEventQueue = new HandlerQueue(isSequential: false, server.Options.MaxWaitingEvents, server.Options.MaxWaitingBytes);
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, ISocket> Sockets { get; }

    public LocalRooms Adapter => Rooms.Local;

    LocalRooms IAdapterNamespace.Rooms => _local!;

    /// <summary>The rooms in the whole cluster, through which everything goes that joins, leaves or emits.</summary>
    public NamespaceRooms Rooms => _rooms ?? Open();

    public ConnectionStateRecoveryOptions? ConnectionStateRecovery => Server.Options.ConnectionStateRecovery;

    public int MaxRoomsPerSocket => Server.Options.MaxRoomsPerSocket;

    public IPacketParser Parser => Server.Parser;

    public override ConnectionPipeline Pipeline { get; }

    public override IServiceProvider ApplicationServices => Server.ApplicationServices;

    public override HandlerBinder Binder => Server.Binder;

    /// <summary>The server this namespace belongs to.</summary>
    public SocketIOServer Server { get; }

    /// <summary>Completes when the adapter can take sockets.</summary>
    public Task Ready => _ready.Task;

    /// <summary>
    /// Whether there are rooms, so that the namespace exists for anybody but those who ask to be let in. Before the first of them is,
    /// a dynamic one does not.
    /// </summary>
    public bool IsOpen => System.Threading.Volatile.Read(ref _rooms) is not null;

    /// <summary>The parent that made it, if it is dynamic.</summary>
    public ParentNamespace? Parent { get; }

    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default) =>
        Rooms.RoomSizeAsync(room, cancellationToken);

    public ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default) =>
        Rooms.RoomMembersAsync(room, cancellationToken);

    public ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default) =>
        Rooms.IsInRoomAsync(room, socketId, cancellationToken);

    public ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix = "", string? after = null, int limit = 1000, CancellationToken cancellationToken = default) =>
        Rooms.RoomsAsync(prefix, after, limit, cancellationToken);

    public ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default) =>
        Rooms.ServersAsync(cancellationToken);

    public ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default) => Rooms.SocketCountAsync(cancellationToken);

    public ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) => Rooms.ServerCountAsync(cancellationToken);

    public IDisposable OnRoomSizeChanged(Func<RoomSize, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Rooms.WatchRoomSizes(size => _ = TellAsync(listener, size, size.Room));
    }

    public IDisposable OnRoomSizeChanged(Action<RoomSize> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return OnRoomSizeChanged(size =>
        {
            listener(size);
            return ValueTask.CompletedTask;
        });
    }

    public RoomWatch OnRoomChanged(Func<RoomChange, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Rooms.WatchRooms(change => _ = TellAsync(listener, change, change.Room));
    }

    public RoomWatch OnRoomChanged(Action<RoomChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Rooms.WatchRooms(change =>
        {
            try
            {
                listener(change);
            }
            catch (Exception exception)
            {
                Log.RoomListenerFailed(_logger, exception, change.Room, Name);
            }
        });
    }

    /// <summary>
    /// Gives the namespace its rooms and its adapter if it has none yet; <see cref="Ready"/> completes when that can take sockets.
    /// </summary>
    public NamespaceRooms Open()
    {
        NamespaceRooms rooms;
        lock (_gate)
        {
            if (_rooms is { } existing)
            {
                return existing;
            }

            ObjectDisposedException.ThrowIf(_isRemoved, this);
            _local ??= new LocalRooms(this, Server.RoomLogger, CreateRecovery());
            rooms = new NamespaceRooms(_local, Server.Adapters?.Create(this), Server.TimeProvider);
            System.Threading.Volatile.Write(ref _rooms, rooms);
        }

        Server.Table.OnOpened(this);
        return rooms;
    }

    public long NextAckId() => Interlocked.Increment(ref _lastAckId);

    public bool TryGetSocket(string socketId, [MaybeNullWhen(false)] out IAdapterSocket socket)
    {
        if (_sockets.TryGetValue(socketId, out var found) && found is Socket { IsClosed: false } open)
        {
            socket = open;
            return true;
        }

        socket = null;
        return false;
    }

    /// <summary>Lets the adapter begin its work; what fails is logged, and the namespace works with what the adapter makes of it.</summary>
    public async Task StartAsync()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            await Ready;
            return;
        }

        try
        {
            await Rooms.InitializeAsync();
        }
        catch (Exception exception)
        {
            Log.AdapterFailedToStart(_logger, exception, Name);
        }

        _ready.SetResult();
    }

    /// <summary>Keeps the namespace from being cleaned up, until <see cref="Release"/>.</summary>
    /// <returns><see langword="false"/> when it has been cleaned up already; the table does not hold it any more.</returns>
    public bool TryAcquire()
    {
        lock (_gate)
        {
            if (!_isRemoved)
            {
                _users++;
            }

            return !_isRemoved;
        }
    }

    /// <summary>Undoes <see cref="TryAcquire"/>; the last to leave a dynamic namespace cleans it up if the options say so.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0 || Parent is null || _isKept || (IsOpen && !Server.Options.CleanupEmptyChildNamespaces))
            {
                return;
            }

            _isRemoved = true;
            Server.Table.Remove(this);
        }

        if (IsOpen)
        {
            Log.CleanedUp(_logger, Name);
            _ = CloseAdapterAsync();
        }
    }

    /// <summary>Opens the namespace for the application's own code; one that it made stays for good.</summary>
    /// <param name="isMade">Whether it was made for this call.</param>
    /// <returns><see langword="false"/> when it has been cleaned up already.</returns>
    public bool TryOpenForCode(bool isMade)
    {
        lock (_gate)
        {
            if (_isRemoved)
            {
                return false;
            }

            _isKept |= isMade || !IsOpen;
        }

        Open();
        return true;
    }

    /// <summary>Lets the namespace stay so much longer, because a client may come back to what the adapter keeps of it.</summary>
    public void KeepFor(TimeSpan duration)
    {
        lock (_gate)
        {
            if (_keeping is null)
            {
                _users++;
                _keeping = Server.TimeProvider.CreateTimer(
                    static state => ((Namespace)state!).EndKeeping(), this, Never, Never);
            }

            _keptSince = Server.TimeProvider.GetTimestamp();
            _keptFor = duration;
            _keeping.Change(duration, Never);
        }
    }

    /// <summary>Makes a connected socket findable.</summary>
    public void Add(Socket socket) => _sockets[socket.Id] = socket;

    /// <summary>Forgets a socket.</summary>
    public void Remove(Socket socket) => _sockets.TryRemove(new KeyValuePair<string, ISocket>(socket.Id, socket));

    /// <summary>Lets the adapter end its work.</summary>
    public async Task CloseAdapterAsync()
    {
        try
        {
            await Rooms.CloseAsync();
        }
        catch (Exception exception)
        {
            Log.AdapterFailedToClose(_logger, exception, Name);
        }
    }

    private void EndKeeping()
    {
        lock (_gate)
        {
            var left = _keptFor - Server.TimeProvider.GetElapsedTime(_keptSince);
            if (left > TimeSpan.Zero)
            {
                // Another client has gone while the timer was due.
                _keeping!.Change(left, Never);
                return;
            }

            _keeping!.Dispose();
            _keeping = null;
        }

        Release();
    }

    private MemoryRecovery? CreateRecovery() => ConnectionStateRecovery is { } options
        ? new MemoryRecovery(options, Name, Server.TimeProvider, Server.RoomLogger, Server.Metrics)
        : null;

    private async Task TellAsync<T>(Func<T, ValueTask> listener, T report, string room)
    {
        try
        {
            await listener(report);
        }
        catch (Exception exception)
        {
            Log.RoomListenerFailed(_logger, exception, room, Name);
        }
    }
}
