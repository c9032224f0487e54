using System.Text;
using System.Text.Json;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>A socket without a client: it writes down, in order, what would have gone out and what happened to it.</summary>
public sealed class TestSocket : IAdapterSocket
{
    private readonly TestNamespace _namespace;
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private readonly Dictionary<long, Action<Packet?>> _expected = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TestSocket(TestNamespace ns, string id)
    {
        _namespace = ns;
        Id = id;
    }

    public string Id { get; }

    /// <summary>The JSON that other nodes see as this socket's data.</summary>
    public string Data { get; set; } = "{}";

    /// <summary>The bytes that placeholders in <see cref="Data"/> stand for.</summary>
    public byte[][] Attachments { get; set; } = [];

    /// <summary>What the client answers to an event that asks for an ack; <see langword="null"/> when it stays silent.</summary>
    public Func<Packet, Packet?>? Answer { get; set; }

    /// <summary>Called for every event that goes out, as a socket's outgoing catch-all listeners are.</summary>
    public Action<Packet>? Outgoing { get; set; }

    public SendFlags LastFlags { get; private set; }

    public EngineIOFrame[]? LastFrames { get; private set; }

    public int ExpectedAcks
    {
        get
        {
            lock (_lock) return _expected.Count;
        }
    }

    /// <summary>Everything so far: messages as they go over the wire, and <c>disconnected</c> or <c>closed</c>.</summary>
    public string[] Log
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    public void Send(Packet packet, EngineIOFrame[] frames, SendFlags flags)
    {
        Outgoing?.Invoke(packet);
        LastFlags = flags;
        LastFrames = frames;
        Note(Wire(frames));
        if (packet.AckId is { } ackId && Answer?.Invoke(packet) is { } answer) Acknowledge(ackId, answer);
    }

    public void ExpectAck(long ackId, Action<Packet?> onAck)
    {
        lock (_lock) _expected.Add(ackId, onAck);
    }

    public void ForgetAck(long ackId)
    {
        lock (_lock) _expected.Remove(ackId);
    }

    /// <summary>The client answers.</summary>
    public void Acknowledge(long ackId, Packet answer)
    {
        Action<Packet?>? onAck;
        lock (_lock) _expected.Remove(ackId, out onAck);
        onAck?.Invoke(answer);
    }

    public ValueTask JoinAsync(IReadOnlyCollection<string> rooms) =>
        _namespace.TryGetSocket(Id, out _) ? _namespace.Adapter.AddAllAsync(Id, rooms) : default;

    public ValueTask JoinAsync(params string[] rooms) => JoinAsync((IReadOnlyCollection<string>)rooms);

    public ValueTask LeaveAsync(string room) => _namespace.Adapter.RemoveAsync(Id, room);

    public void Disconnect(bool close)
    {
        if (!_namespace.TryRemove(Id)) return;
        Note(close ? "closed" : "disconnected");
        Action<Packet?>[] unanswered;
        lock (_lock)
        {
            unanswered = [.. _expected.Values];
            _expected.Clear();
        }

        foreach (var onAck in unanswered) onAck(null);
        _namespace.Track(_namespace.Adapter.RemoveAllAsync(Id));
    }

    public SocketDescription Describe() => new()
    {
        Id = Id,
        Handshake = JsonElement.Parse($$"""{"query": {"of": "{{Id}}"} }"""),
        Rooms = [.. _namespace.Rooms.SocketRooms(Id) ?? []],
        Data = JsonElement.Parse(Data, new JsonDocumentOptions { MaxDepth = int.MaxValue }),
        Attachments = Array.ConvertAll(Attachments, bytes => (ReadOnlyMemory<byte>)bytes),
    };

    /// <summary>Waits until the log satisfies a condition.</summary>
    public async Task<string[]> WaitForLogAsync(Func<string[], bool> condition, string expectation)
    {
        while (true)
        {
            Task changed;
            string[] log;
            lock (_lock)
            {
                log = [.. _log];
                changed = _changed.Task;
            }

            if (condition(log)) return log;
            try
            {
                await changed.WaitAsync(AdapterScene.Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Socket {Id} waited in vain for {expectation}; it has: {string.Join(" | ", Log.TakeLast(20))}");
            }
        }
    }

    private static string Wire(EngineIOFrame[] frames)
    {
        var text = new StringBuilder();
        foreach (var frame in frames)
        {
            if (frame.IsBinary) text.Append('+').Append(Convert.ToHexString(frame.Payload.Span));
            else text.Append(Encoding.UTF8.GetString(frame.Payload.Span));
        }

        return text.ToString();
    }

    private void Note(string entry)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _log.Add(entry);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
