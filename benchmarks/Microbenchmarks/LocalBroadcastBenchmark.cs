using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.Microbenchmarks;

/// <summary>A broadcast to a room of this process, up to the sockets: room lookup, selection and one encoding for all.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It ends with the process.")]
public class LocalBroadcastBenchmark
{
    private readonly PacketSerializer _serializer = new();
    private readonly BroadcastOptions _room = BroadcastOptions.All.To("room");
    private readonly object?[] _arguments = [new string('x', 100)];
    private LocalRooms _rooms = null!;
    private Packet _packet = null!;

    [Params(1, 100, 10_000)]
    public int Sockets { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var ns = new Recipients();
        _rooms = ns.Rooms;
        for (var i = 0; i < Sockets; i++)
        {
            var socket = new Recipient($"socket-{i:D13}");
            ns.Sockets.Add(socket.Id, socket);
            _rooms.AddAll(socket.Id, [socket.Id, "room"]);
        }

        _packet = _serializer.Event("/", "message", _arguments);
    }

    [Benchmark]
    public void Broadcast() => _rooms.Broadcast(_packet, _room);

    private sealed class Recipients : IAdapterNamespace
    {
        public Recipients() => Rooms = new LocalRooms(this, NullLogger.Instance);

        public Dictionary<string, IAdapterSocket> Sockets { get; } = [];

        public string Name => "/";

        public LocalRooms Rooms { get; }

        public IPacketParser Parser { get; } = new JsonPacketParser();

        public bool TryGetSocket(string socketId, [MaybeNullWhen(false)] out IAdapterSocket socket) =>
            Sockets.TryGetValue(socketId, out socket);

        public long NextAckId() => 0;

        public void OnServerSideEmit(Packet packet, Action<Packet>? respond)
        {
            // There are no other servers.
        }
    }

    private sealed class Recipient(string id) : IAdapterSocket
    {
        public EngineIOFrame[]? Last { get; private set; }

        public string Id => id;

        public void Send(Packet packet, EngineIOFrame[] frames, SendFlags flags) => Last = frames;

        public void ExpectAck(long ackId, Action<Packet?> onAck) => throw new NotSupportedException();

        public void ForgetAck(long ackId) => throw new NotSupportedException();

        public ValueTask JoinAsync(IReadOnlyCollection<string> rooms) => throw new NotSupportedException();

        public ValueTask LeaveAsync(string room) => throw new NotSupportedException();

        public void Disconnect(bool close) => throw new NotSupportedException();

        public SocketDescription Describe() => throw new NotSupportedException();
    }
}
