using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.Microbenchmarks;

/// <summary>An event that has been read, until its handler has run and the answer has been handed to the session; and what a registration
/// costs.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It ends with the process.")]
public class DispatchBenchmark
{
    private readonly PacketSerializer _serializer = new();
    private Socket _socket = null!;
    private Packet _plain = null!;
    private Packet _text = null!;
    private Packet _sum = null!;
    private Packet _shared = null!;
    private Action _register = null!;
    private int _heard;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var server = new SocketIOServer(
            new SocketIOOptions(), new JsonPacketParser(), _serializer,
            adapters: null, TimeProvider.System, NullLoggerFactory.Instance,
            meters, new SocketIOMetrics(meters), services);
        var connected = new TaskCompletionSource<ISocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        ((ISocketIOServer)server).UseHandler<SharedHandler>();
        ((ISocketIOServer)server).OnConnection(socket =>
        {
            socket.On("plain", (EventContext context) => { _heard += context.Count; });
            socket.On("text", (string text) => HearAsync(text));
            socket.On("sum", (int a, int b) => a + b);
            _register = () =>
            {
                var closed = _heard;
                socket.On("registered", (int a, int b) => a + b + closed).Dispose();
            };
            connected.SetResult(socket);
        });
        server.Start();
        server.Accept(new Session()).OnMessage(Encoding.UTF8.GetBytes("0"), isBinary: false);
        _socket = (Socket)await connected.Task;
        _plain = _serializer.Event("/", "plain", []);
        _text = _serializer.Event("/", "text", ["0123456789"]);
        _sum = _serializer.Event("/", "sum", [1, 2], ackId: 7);
        _shared = _serializer.Event("/", "shared sum", [1, 2], ackId: 7);
    }

    /// <summary>A handler that looks at the event itself: the part of the dispatch that knows no types.</summary>
    [Benchmark(Baseline = true)]
    public Task EventItself() => _socket.HandleAsync(new EventContext(_socket, _plain, _serializer));

    [Benchmark]
    public Task OneArgument() => _socket.HandleAsync(new EventContext(_socket, _text, _serializer));

    [Benchmark]
    public Task TwoArgumentsAndAnswer() => _socket.HandleAsync(new EventContext(_socket, _sum, _serializer));

    [Benchmark]
    public Task MethodOfAClass() => _socket.HandleAsync(new EventContext(_socket, _shared, _serializer));

    /// <summary>What every connection does for each of its handlers: a new closure is registered, here to be removed again.</summary>
    [Benchmark]
    public void Register() => _register();

    private Task HearAsync(string text)
    {
        _heard += text.Length;
        return Task.CompletedTask;
    }

    public sealed class SharedHandler : SocketIONamespaceHandler
    {
        [SocketEvent("shared sum")]
        public static int Sum(int a, int b) => a + b;
    }

    private sealed class Session : IEngineSession
    {
        public EngineIOFrame[]? Last { get; private set; }

        public string Id => "session";

        public SessionRequest Request { get; } = new()
        {
            Url = "/socket.io/",
            Query = new QueryCollection(),
            Headers = new HeaderDictionary(),
            RemoteAddress = IPAddress.Loopback,
            IsSecure = false,
            User = new ClaimsPrincipal(new ClaimsIdentity()),
            IssuedAt = DateTimeOffset.UnixEpoch,
        };

        public EngineTransport Transport => EngineTransport.WebSocket;

        public bool IsOpen => true;

        public EngineSessionEvents Events { get; } = new();

        public bool Send(EngineIOFrame[] frames, SendFlags flags = SendFlags.None)
        {
            Last = frames;
            return true;
        }

        public void Close()
        {
            // It stays open.
        }

        public void Admit()
        {
        }

        public void Abort()
        {
            // It stays open.
        }
    }
}
