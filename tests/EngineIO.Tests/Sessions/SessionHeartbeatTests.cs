namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class SessionHeartbeatTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    [Fact]
    [Trait("Behaviour", "40")]
    public void Ping_Answered_IsFollowedByTheNext()
    {
        using var bench = CreateBench();
        var (session, handler, transport) = bench.Open();

        for (var round = 0; round < 3; round++)
        {
            bench.Time.Pass(Interval);
            Assert.Equal("2", transport.Write(session));
            bench.Time.Pass(Patience / 2);
            session.Receive(SessionBench.Packet("3"), isBorrowed: false);
            Assert.False(transport.IsAsked);
        }

        Assert.True(session.IsOpen);
        Assert.False(handler.HasClosed);
    }

    [Fact]
    public void Ping_IsNotSentMuchTooEarly()
    {
        using var bench = CreateBench();
        var (_, _, transport) = bench.Open();

        bench.Time.Pass(Interval - 2 * bench.Services.Clock.Granularity);

        Assert.False(transport.IsAsked);
    }

    [Theory]
    [Trait("Behaviour", "41")]
    [InlineData(EngineTransport.WebSocket)]
    [InlineData(EngineTransport.Polling)]
    public async Task Ping_Unanswered_EndsTheSessionWithinTheTwoTimes(EngineTransport kind)
    {
        using var bench = CreateBench();
        var (session, handler, transport) = bench.Open(kind);
        transport.IsReady = kind == EngineTransport.WebSocket;

        bench.Time.Pass(Interval + Patience);

        Assert.False(session.IsOpen);
        Assert.Equal(0, bench.Services.Sessions.Count);
        Assert.Equal((CloseReason.PingTimeout, null), await handler.Closed);
        Assert.Equal(CloseReason.PingTimeout, transport.Ended);
    }

    [Fact]
    public void Ping_Unanswered_DoesNotEndTheSessionBeforeTheTwoTimes()
    {
        using var bench = CreateBench();
        bench.Open();
        bench.Time.Pass(bench.Services.Clock.Granularity / 3);
        var (session, _, _) = bench.Open();

        bench.Time.Pass(Interval + Patience - TimeSpan.FromMilliseconds(1));
        Assert.True(session.IsOpen);
        bench.Time.Pass(TimeSpan.FromMilliseconds(2));

        Assert.False(session.IsOpen);
    }

    [Fact]
    public void Pong_WithoutPing_PutsThePingOff()
    {
        using var bench = CreateBench();
        var (session, _, transport) = bench.Open();

        bench.Time.Pass(Interval / 2);
        session.Receive(SessionBench.Packet("3"), isBorrowed: false);
        bench.Time.Pass(Interval / 2);
        Assert.False(transport.IsAsked);
        bench.Time.Pass(Interval / 2);
        Assert.True(transport.IsAsked);
    }

    [Fact]
    public async Task Pongs_OfAClientThatDoesNotRead_DoNotKeepItForEver()
    {
        using var bench = CreateBench();
        var (session, handler, transport) = bench.Open();
        handler.Send("stuck");
        transport.Take(session, out _);

        for (var i = 0; i < 10 && session.IsOpen; i++)
        {
            bench.Time.Pass(Interval / 2);
            session.Receive(SessionBench.Packet("3"), isBorrowed: false);
        }

        Assert.Equal((CloseReason.TransportError, "the client does not read what is sent to it"), await handler.Closed);
    }

    [Fact]
    [Trait("Behaviour", "42")]
    public async Task Ping_FromTheClient_EndsTheSession()
    {
        using var bench = CreateBench();
        var (session, handler, _) = bench.Open();

        session.Receive(SessionBench.Packet("2"), isBorrowed: false);

        Assert.Equal((CloseReason.TransportError, "invalid heartbeat direction"), await handler.Closed);
    }

    [Fact]
    public async Task Close_OfAClientThatDoesNotAnswer_EndsWithTheHeartbeat()
    {
        using var bench = CreateBench();
        var (session, handler, transport) = bench.Open();
        bench.Time.Pass(Interval / 2);
        handler.Send("never collected");
        transport.Take(session, out _);

        session.Close();
        bench.Time.Pass(Interval / 2 + Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, bench.Services.Sessions.Count);
        bench.Time.Pass(TimeSpan.FromMilliseconds(2));

        Assert.Equal((CloseReason.PingTimeout, null), await handler.Closed);
    }

    [Fact]
    public async Task Close_OfAClientThatAnswers_WaitsForIt()
    {
        using var bench = CreateBench();
        var (session, handler, transport) = bench.Open();
        bench.Time.Pass(Interval);
        transport.Take(session, out _);

        session.Close();
        session.Receive(SessionBench.Packet("3"), isBorrowed: false);
        bench.Time.Pass(Patience + Interval);
        Assert.False(handler.HasClosed);
        bench.Time.Pass(bench.Options.CloseTimeout);

        Assert.Equal(CloseReason.ForcedClose, (await handler.Closed).Reason);
    }

    [Fact]
    [Trait("Behaviour", "49")]
    public async Task Sessions_LeftAlone_AreAllReclaimed()
    {
        using var bench = CreateBench();
        var handlers = Enumerable.Range(0, 1_000).Select(_ => bench.Open(EngineTransport.Polling).Handler).ToArray();
        using var open = bench.Collect("orleansrooms.engineio.sessions");

        bench.Time.Pass(Interval + Patience);

        Assert.Equal(0, bench.Services.Sessions.Count);
        foreach (var handler in handlers) Assert.Equal(CloseReason.PingTimeout, (await handler.Closed).Reason);
        Assert.Equal(-1_000, open.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
    }

    private static SessionBench CreateBench() => new(options => (options.PingInterval, options.PingTimeout) = (Interval, Patience));
}
