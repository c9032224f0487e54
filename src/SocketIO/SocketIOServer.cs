using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Connections;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Namespaces;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO;

/// <summary>The root object: the namespaces of one server, and the way in for new connections.</summary>
internal sealed partial class SocketIOServer : PipelineOwner, ISocketIOServer, IEngineSessionAcceptor, IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task? _closed;
    private volatile bool _isStarted;
    private volatile bool _isClosing;

    public SocketIOServer(
        SocketIOOptions options, IPacketParser parser, PacketSerializer serializer, IAdapterFactory? adapters,
        TimeProvider timeProvider, ILoggerFactory loggerFactory, IMeterFactory meters, SocketIOMetrics metrics, IServiceProvider services,
        string? name = null)
    {
        if (options.ConnectionStateRecovery is not null && adapters is { SupportsConnectionStateRecovery: false })
        {
            throw new InvalidOperationException(
                $"ConnectionStateRecovery is set, but {adapters.GetType().Name} makes adapters that keep nothing for clients that come "
                + "back: "
                + "leave the option unset, or use no adapter.");
        }

        Options = options;
        Parser = parser;
        Serializer = serializer;
        TimeProvider = timeProvider;
        Adapters = adapters;
        ApplicationServices = services;
        Binder = new HandlerBinder(services, serializer);
        Metrics = metrics;
        _logger = loggerFactory.CreateLogger<SocketIOServer>();
        ConnectionLogger = loggerFactory.CreateLogger<Connection>();
        NamespaceLogger = loggerFactory.CreateLogger<Namespace>();
        RoomLogger = loggerFactory.CreateLogger<LocalRooms>();
        SocketLogger = loggerFactory.CreateLogger<Socket>();
        RoomLimits = new RoomLimits(options, metrics, timeProvider, NamespaceLogger);
        Table = new NamespaceTable(this, OnCreated);
        Namespaces = new LiveView<INamespace>(() => Table.All);
        Main = Table.GetOrAdd(Packet.MainNamespace);
        Engine = new EngineIOServer(options, this, timeProvider, loggerFactory, meters, name);
    }

    public event Action<INamespace>? NamespaceCreated;

    public EngineIOServer Engine { get; }

    /// <summary>The options, which do not change any more.</summary>
    public SocketIOOptions Options { get; }

    public IPacketParser Parser { get; }

    /// <summary>How arguments, handshakes and the data of sockets are written.</summary>
    public PacketSerializer Serializer { get; }

    public TimeProvider TimeProvider { get; }

    public SocketIOMetrics Metrics { get; }

    public ILogger ConnectionLogger { get; }

    public ILogger NamespaceLogger { get; }

    public ILogger RoomLogger { get; }

    public ILogger SocketLogger { get; }

    /// <summary>What rooms may be called.</summary>
    public RoomLimits RoomLimits { get; }

    /// <summary>Whether the server takes no more clients.</summary>
    public bool IsClosing => _isClosing;

    public IReadOnlyCollection<INamespace> Namespaces { get; }

    /// <summary>The namespaces, and what may make more of them.</summary>
    public NamespaceTable Table { get; }

    /// <summary>Makes the adapter of each namespace; <see langword="null"/> when there are no other servers.</summary>
    public IAdapterFactory? Adapters { get; }

    /// <summary>The namespace <c>/</c>.</summary>
    public Namespace Main { get; }

    protected override IBroadcaster Broadcaster => Main;

    public IEngineSessionHandler Accept(IEngineSession session) => new Connection(this, session);

    public INamespace Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        NamespaceName.ThrowIfUnreachable(name);
        return Table.GetOrAdd(name.StartsWith('/') ? name : "/" + name);
    }

    public IParentNamespace Of(Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return Table.AddParent(pattern);
    }

    public IParentNamespace Of(Func<NamespaceRequest, CancellationToken, ValueTask<bool>> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Table.AddParent(predicate);
    }

    /// <summary>Finds out whether what the application demands of clients can be answered.</summary>
    /// <exception cref="InvalidOperationException">It cannot; the message says what to change.</exception>
    public async Task CheckAsync()
    {
        foreach (var pipeline in Table.Pipelines)
        {
            await pipeline.CheckAsync();
        }
    }

    /// <summary>Lets the adapters begin their work; clients that come earlier wait.</summary>
    public void Start()
    {
        _isStarted = true;
        foreach (var ns in Table.All)
        {
            _ = ns.StartAsync();
        }
    }

    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _isClosing = true;
            return _closed ??= CloseOnceAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Engine.DisposeAsync();
    }

    private async Task CloseOnceAsync(CancellationToken cancellationToken)
    {
        // Not under the caller's lock.
        await Task.Yield();
        List<Task> heard = [];
        foreach (var ns in Table.All)
        {
            foreach (var (_, socket) in ns.Sockets)
            {
                heard.Add(((Socket)socket).Close(DisconnectReason.ServerShuttingDown, null).Heard);
            }
        }

        using var deadline = new CancellationTokenSource(Options.ShutdownTimeout, TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var closed = Engine.CloseAsync(limit.Token);
        try
        {
            await Task.WhenAll(heard).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Log.ListenersAbandoned(_logger, heard.Count(task => !task.IsCompleted));
        }

        // The adapters come last: disconnect listeners may tell other servers' clients who has gone.
        await closed;
        foreach (var ns in Table.All)
        {
            await ns.CloseAdapterAsync();
        }
    }

    private void OnCreated(Namespace ns)
    {
        try
        {
            if (ns.Name != Packet.MainNamespace)
            {
                NamespaceCreated?.Invoke(ns);
            }
        }
        finally
        {
            if (_isStarted)
            {
                _ = ns.StartAsync();
            }
        }
    }
}
