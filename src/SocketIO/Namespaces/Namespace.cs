using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>A namespace of this server: its sockets, its middlewares and listeners, and the adapter behind it.</summary>
internal sealed partial class Namespace : BroadcastSource, INamespace, IAdapterNamespace
{
    private readonly ConcurrentDictionary<string, ISocket> _sockets = new(StringComparer.Ordinal);
    private readonly Listeners<Func<ISocket, Task>> _connection = new();
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<Func<ISocket, Func<Task>, Task>> _middlewares = [];
    private int _isStarted;
    private long _lastAckId = -1;

    public Namespace(SocketIOServer server, string name, IAdapterFactory adapters)
    {
        Server = server;
        Name = name;
        _logger = server.NamespaceLogger;
        Sockets = new ReadOnlyDictionary<string, ISocket>(_sockets);
        _serverEventQueue = new HandlerQueue(isSequential: false, server.Options.MaxWaitingEvents, server.Options.MaxWaitingBytes);
        Adapter = adapters.Create(this);
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, ISocket> Sockets { get; }

    public IAdapter Adapter { get; }

    public IPacketParser Parser => Server.Parser;

    /// <summary>The server this namespace belongs to.</summary>
    public SocketIOServer Server { get; }

    /// <summary>Completes when the adapter can take sockets.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Those that hear of new sockets.</summary>
    public ImmutableArray<Listeners<Func<ISocket, Task>>.Entry> ConnectionListeners => _connection.Current;

    /// <summary>What every client passes before it is connected.</summary>
    public ImmutableArray<Func<ISocket, Func<Task>, Task>> Middlewares => _middlewares;

    public IDisposable OnConnection(Func<ISocket, Task> listener) => _connection.Add(listener);

    public IDisposable OnConnection(Func<ISocket, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket => listener(socket).AsTask());
    }

    public IDisposable OnConnection(Action<ISocket> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket =>
        {
            listener(socket);
            return Task.CompletedTask;
        });
    }

    public INamespace Use(Func<ISocket, Func<Task>, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ImmutableInterlocked.Update(ref _middlewares, (list, added) => list.Add(added), middleware);
        return this;
    }

    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default) =>
        Adapter.RoomSizeAsync(room, cancellationToken);

    public ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default) => Adapter.SocketCountAsync(cancellationToken);

    public ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) => Adapter.ServerCountAsync(cancellationToken);

    public IDisposable OnRoomSizeChanged(Func<RoomSize, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Adapter.WatchRoomSizes(size => _ = TellAsync(listener, size));
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
            await Adapter.InitializeAsync();
        }
        catch (Exception exception)
        {
            Log.AdapterFailedToStart(_logger, exception, Name);
        }

        _ready.SetResult();
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
            await Adapter.DisposeAsync();
        }
        catch (Exception exception)
        {
            Log.AdapterFailedToClose(_logger, exception, Name);
        }
    }

    private async Task TellAsync(Func<RoomSize, ValueTask> listener, RoomSize size)
    {
        try
        {
            await listener(size);
        }
        catch (Exception exception)
        {
            Log.RoomSizeListenerFailed(_logger, exception, size.Room, Name);
        }
    }
}
