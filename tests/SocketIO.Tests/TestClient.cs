using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests;

/// <summary>
/// A client at the other end of a session that has no transport: it says exactly the frames that a test gives it and keeps those that the
/// server sends. Text frames are shown as they are, binary ones as <c>b</c> and base64, as long-polling does.
/// </summary>
internal sealed class TestClient : IEngineSession
{
    private static int _lastId;

    private readonly Inbox<string> _frames;
    private readonly Lock _gate = new();
    private IEngineSessionHandler? _handler;
    private bool _isOpen = true;

    public TestClient()
    {
        Id = $"session-{Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture)}";
        _frames = new Inbox<string>(() => Id);
    }

    public string Id { get; }

    public SessionRequest Request { get; init; } = new()
    {
        Url = "/socket.io/?EIO=4&transport=websocket",
        Query = new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["EIO"] = "4" }),
        Headers = new HeaderDictionary { ["User-Agent"] = "test" },
        RemoteAddress = IPAddress.Loopback,
        IsSecure = false,
        User = new ClaimsPrincipal(new ClaimsIdentity()),
        IssuedAt = DateTimeOffset.UnixEpoch,
    };

    public EngineTransport Transport => EngineTransport.WebSocket;

    public bool IsOpen
    {
        get
        {
            lock (_gate) return _isOpen;
        }
    }

    public EngineSessionEvents Events { get; } = new();

    /// <summary>Whether the transport takes volatile messages.</summary>
    public bool IsWritable { get; set; } = true;

    /// <summary>The ids of the client's sockets by namespace, as CONNECT told them.</summary>
    public Dictionary<string, string> SocketIds { get; } = [];

    /// <summary>The id of the socket in the main namespace.</summary>
    public string SocketId => SocketIds["/"];

    /// <summary>The frames that nobody has asked for.</summary>
    public IReadOnlyList<string> Waiting => _frames.Waiting;

    /// <summary>The flags of the message that was sent last.</summary>
    public SendFlags LastFlags { get; private set; }

    /// <summary>The arrays of frames as they were sent.</summary>
    public List<EngineIOFrame[]> Messages { get; } = [];

    public void Attach(IEngineSessionHandler handler) => _handler = handler;

    /// <summary>Sends text frames to the server, each with the Engine.IO type digit of a message.</summary>
    public void Say(params ReadOnlySpan<string> frames)
    {
        foreach (var frame in frames)
        {
            Assert.Equal('4', frame[0]);
            if (IsOpen) _handler!.OnMessage(Encoding.UTF8.GetBytes(frame, 1, frame.Length - 1), isBinary: false);
        }
    }

    /// <summary>Completes when the server would read on.</summary>
    public Task WhenReadAsync() => _handler!.WhenReadyAsync().AsTask();

    /// <summary>Sends a binary message to the server.</summary>
    public void Say(byte[] data)
    {
        if (IsOpen) _handler!.OnMessage(data, isBinary: true);
    }

    /// <summary>The next frame that the server sends.</summary>
    public Task<string> NextAsync() => _frames.TakeAsync(_ => true, "the next frame");

    /// <summary>The next frame that starts with a text; what else has come stays.</summary>
    public Task<string> NextAsync(string start) =>
        _frames.TakeAsync(frame => frame.StartsWith(start, StringComparison.Ordinal), $"a frame that starts with {start}");

    /// <summary>The next frame, which must be this one.</summary>
    public async Task ExpectAsync(params string[] frames)
    {
        foreach (var frame in frames) Assert.Equal(frame, await NextAsync());
    }

    /// <summary>Waits until the server has closed the connection, with nothing sent before.</summary>
    public Task ExpectCloseAsync() => ExpectAsync("close");

    /// <summary>
    /// Waits until everything the server does for what was said so far has been done: the answer to a ping in the main namespace comes
    /// last. The server must answer <c>42…["ping"]</c>; see <see cref="AnswerPings"/>.
    /// </summary>
    public async Task ExpectSilenceAsync()
    {
        Say("""42999["ping"]""");
        await ExpectAsync("43999[]");
    }

    /// <summary>Makes <see cref="ExpectSilenceAsync"/> possible for the sockets of a namespace.</summary>
    public static void AnswerPings(INamespace ns) => ns.OnConnection(socket => socket.On("ping", (EventContext c) => c.AckAsync()));

    /// <summary>Enters a namespace and takes its CONNECT.</summary>
    public async Task EnterAsync(string ns, string? auth = null)
    {
        Say(ns == "/" ? $"40{auth}" : $"40{ns},{auth}");
        var reply = await NextAsync();
        var prefix = ns == "/" ? "40" : $"40{ns},";
        Assert.StartsWith(prefix + "{", reply);
        SocketIds[ns] = JsonDocument.Parse(reply[prefix.Length..]).RootElement.GetProperty("sid").GetString()!;
    }

    /// <summary>The connection ends, from whichever side.</summary>
    public void End(CloseReason reason = CloseReason.TransportClose, string? description = null)
    {
        lock (_gate)
        {
            if (!_isOpen) return;
            _isOpen = false;
        }

        _handler!.OnClosed(reason, description);
    }

    public bool Send(EngineIOFrame[] frames, SendFlags flags = SendFlags.None)
    {
        lock (_gate)
        {
            if (!_isOpen || ((flags & SendFlags.Volatile) != 0 && !IsWritable)) return false;
            LastFlags = flags;
            Messages.Add(frames);
            foreach (var frame in frames)
            {
                _frames.Add(frame.IsBinary
                    ? "b" + Convert.ToBase64String(frame.Payload.Span)
                    : Encoding.UTF8.GetString(frame.Payload.Span));
            }

            return true;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            if (!_isOpen) return;
            _isOpen = false;
            _frames.Add("close");
        }

        // As a transport does it: on another thread, later.
        ThreadPool.QueueUserWorkItem(_ => _handler!.OnClosed(CloseReason.ForcedClose, null));
    }

    public void Abort() => Close();

    /// <summary>Whether the server has said that the client was let in.</summary>
    public bool IsAdmitted { get; private set; }

    public void Admit() => IsAdmitted = true;
}
