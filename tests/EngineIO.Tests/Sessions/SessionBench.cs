using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Sessions;

/// <summary>Sessions without HTTP under a clock that the test drives.</summary>
internal sealed class SessionBench : IDisposable
{
    private readonly TestMeterFactory _meters = new();
    private readonly EngineIOMetrics _metrics;
    private readonly EchoAcceptor _acceptor = new();
    private int _created;

    public SessionBench(Action<EngineIOOptions>? configure = null)
    {
        Options = new EngineIOOptions();
        configure?.Invoke(Options);
        var sessions = new SessionTable(Options.MaxSessions, Options.MaxPendingSessionsPerAddress);
        _metrics = new EngineIOMetrics(_meters, sessions: sessions);
        Services = new SessionServices(
            Options, Time, new HeartbeatClock(Options, Time), sessions, new Rundown(), new Farewells(), new Leavers(Time),
            _metrics, Logger);
    }

    public EngineIOOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public FakeLogger Logger { get; } = new();

    public SessionServices Services { get; }

    /// <summary>Opens a session whose open packet has been written already.</summary>
    public (Session Session, EchoSession Handler, TransportDouble Transport) Open(EngineTransport kind = EngineTransport.WebSocket)
    {
        var transport = new TransportDouble(kind);
        var session = new Session($"session {++_created}", EmptyRequest(), Services, _ => transport);
        Assert.Equal(SessionLimit.None, Services.Sessions.TryAdd(session));
        session.Open([EngineIOFrame.Text(EngineIOPacketType.Open, "{}")], _acceptor);
        Assert.Equal("0{}", transport.Write(session));
        return (session, _acceptor.Sessions.TakeAsync(_ => true, "a session").Result, transport);
    }

    /// <summary>Collects what an instrument measures.</summary>
    public MetricCollector<long> Collect(string instrument) => new(_meters, EngineIOMetrics.MeterName, instrument);

    public static EngineIOPacket Packet(string text)
    {
        Assert.True(EngineIOPacket.TryRead(Encoding.UTF8.GetBytes(text), isBinary: false, out var packet));
        return packet;
    }

    public void Dispose()
    {
        Services.Clock.Dispose();
        _metrics.Dispose();
        _meters.Dispose();
    }

    private SessionRequest EmptyRequest() => new()
    {
        Url = "/",
        Query = QueryCollection.Empty,
        Headers = new HeaderDictionary(),
        RemoteAddress = IPAddress.Loopback,
        IsSecure = false,
        User = new ClaimsPrincipal(),
        IssuedAt = Time.GetUtcNow(),
    };

    private sealed class TestMeterFactory : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}

/// <summary>A transport that sends when the test says so.</summary>
internal sealed class TransportDouble(EngineTransport kind) : ITransport
{
    public EngineTransport Kind => kind;

    public bool IsReady { get; set; } = true;

    /// <summary>Whether the session asked for a batch to be sent and it has not been yet.</summary>
    public bool IsAsked { get; private set; }

    public bool CanSayGoodbye { get; set; } = true;

    public CloseReason? Ended { get; private set; }

    public void StartSending()
    {
        Assert.False(IsAsked, "Two batches at a time.");
        IsAsked = true;
    }

    public bool TrySayGoodbye() => CanSayGoodbye;

    public void End(CloseReason reason, bool isSending)
    {
        Assert.Null(Ended);
        Ended = reason;
    }

    /// <summary>Writes one batch; its packets, separated by spaces.</summary>
    public string Write(Session session, bool succeeded = true)
    {
        var text = Take(session, out var batch);
        session.CompleteBatch(batch, succeeded, canContinue: false);
        return text;
    }

    /// <summary>Begins to write a batch.</summary>
    public string Take(Session session, out Outbox.Batch batch)
    {
        Assert.True(IsAsked, "Nothing is to be sent.");
        IsAsked = false;
        session.TryTakeBatch(out batch);
        var packets = new List<string>();
        for (var i = 0; i < batch.Count; i++)
        {
            packets.AddRange(batch[i].Frames.Select(frame => Encoding.UTF8.GetString(frame.Payload.Span)));
        }
        return string.Join(' ', packets);
    }
}
