using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>A namespace on one node, with the adapter that is under test and sockets without clients.</summary>
public sealed class TestNamespace : IAdapterNamespace, IAsyncDisposable
{
    private static int _lastSocket;

    private readonly ConcurrentDictionary<string, TestSocket> _sockets = new();
    private readonly ConcurrentQueue<Task> _background = new();
    private readonly CountingParser _parser = new();
    private long _nextAckId = -1;

    public TestNamespace(string name, IAdapterFactory? factory)
    {
        Name = name;
        Rooms = new LocalRooms(this, NullLogger.Instance);
        Adapter = new NamespaceRooms(Rooms, factory?.Create(this), TimeProvider.System);
    }

    public string Name { get; }

    public LocalRooms Rooms { get; }

    /// <summary>What a namespace goes through: this node's sockets at once, and the adapter that is under test.</summary>
    internal NamespaceRooms Adapter { get; }

    public IPacketParser Parser => _parser;

    /// <summary>How many packets were encoded.</summary>
    public int Encoded => _parser.Encoded;

    /// <summary>What the namespace's handlers do with a server-side event.</summary>
    public Action<Packet, Action<Packet>?> ServerSideHandler { get; set; } = static (_, _) => { };

    public IReadOnlyCollection<TestSocket> Sockets => [.. _sockets.Values];

    public bool TryGetSocket(string socketId, [MaybeNullWhen(false)] out IAdapterSocket socket)
    {
        var isConnected = _sockets.TryGetValue(socketId, out var found);
        socket = found;
        return isConnected;
    }

    public long NextAckId() => Interlocked.Increment(ref _nextAckId);

    public void OnServerSideEmit(Packet packet, Action<Packet>? respond) => ServerSideHandler(packet, respond);

    /// <summary>A new socket, which is in its private room and not connected yet.</summary>
    public async Task<TestSocket> CreateSocketAsync()
    {
        // As long as the ids that servers make.
        var socket = new TestSocket(this, $"socket-{Interlocked.Increment(ref _lastSocket):D13}");
        await Adapter.AddAllAsync(socket.Id, [socket.Id]);
        return socket;
    }

    /// <summary>A new connected socket that has joined rooms.</summary>
    public async Task<TestSocket> ConnectAsync(params string[] rooms)
    {
        var socket = await CreateSocketAsync();
        Connect(socket);
        if (rooms.Length > 0) await socket.JoinAsync(rooms);
        return socket;
    }

    public void Connect(TestSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Assert.True(_sockets.TryAdd(socket.Id, socket));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values) socket.Disconnect(close: true);
        await Task.WhenAll(_background).WaitAsync(AdapterScene.Patience);
        await Adapter.CloseAsync();
    }

    internal bool TryRemove(string socketId) => _sockets.TryRemove(socketId, out _);

    internal void Track(ValueTask task)
    {
        if (task.IsCompletedSuccessfully) task.GetAwaiter().GetResult();
        else _background.Enqueue(task.AsTask());
    }

    private sealed class CountingParser : IPacketParser
    {
        private readonly JsonPacketParser _parser = new();
        private int _encoded;

        public int Encoded => Volatile.Read(ref _encoded);

        public EngineIOFrame[] Encode(Packet packet)
        {
            Interlocked.Increment(ref _encoded);
            return _parser.Encode(packet);
        }

        public IPacketDecoder CreateDecoder() => _parser.CreateDecoder();
    }
}
