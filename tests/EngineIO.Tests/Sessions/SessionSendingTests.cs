using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class SessionSendingTests
{
    [Fact]
    public void Send_WhileABatchIsOnItsWay_JoinsTheNextBatch()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();

        handler.Send("a");
        Assert.Equal("4a", transport.Take(session, out var batch));
        handler.Send("b");
        handler.Send("c");
        Assert.False(transport.IsAsked);

        Assert.False(session.CompleteBatch(batch, succeeded: true, canContinue: false));
        Assert.Equal("4b 4c", transport.Write(session));
        Assert.False(transport.IsAsked);
    }

    [Fact]
    public void CompleteBatch_ByAWriterThatCanGoOn_KeepsItGoing()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();
        handler.Send("a");
        transport.Take(session, out var first);
        handler.Send("b");

        Assert.True(session.CompleteBatch(first, succeeded: true, canContinue: true));
        Assert.False(transport.IsAsked);
        Assert.True(session.TryTakeBatch(out var second));
        Assert.Equal(1, second.Count);
        Assert.False(session.CompleteBatch(second, succeeded: true, canContinue: true));
        Assert.True(session.IsWritable);
    }

    [Fact]
    public void Send_WhileTheTransportIsNotReady_Waits()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open(EngineTransport.Polling);
        transport.IsReady = false;

        Assert.True(handler.Send("a"));

        Assert.False(transport.IsAsked);
        Assert.False(session.IsWritable);
    }

    [Fact]
    [Trait("Behaviour", "68")]
    public void Volatile_RightAfterAnotherMessage_IsDropped()
    {
        using var bench = new SessionBench();
        using var dropped = bench.Collect("orleansrooms.engineio.volatile.dropped");
        var (session, handler, transport) = bench.Open();

        Assert.True(handler.Send("a"));
        Assert.False(handler.Send("b", SendFlags.Volatile));
        Assert.Equal("4a", transport.Take(session, out var batch));
        Assert.False(handler.Send("c", SendFlags.Volatile));
        session.CompleteBatch(batch, succeeded: true, canContinue: true);
        Assert.True(handler.Send("d", SendFlags.Volatile));
        Assert.False(handler.Send("e", SendFlags.Volatile));
        Assert.True(handler.Send("f"));

        Assert.Equal("4d 4f", transport.Write(session));
        Assert.Equal(3, dropped.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
    }

    [Fact]
    [Trait("Behaviour", "68")]
    public void Volatile_InTheTurnOfAnotherMessage_IsDroppedHoweverFastTheWriterIs()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();

        using (SendTurn.Begin())
        {
            Assert.True(handler.Send("a", SendFlags.Volatile));
            transport.Write(session);
            Assert.False(handler.Send("b", SendFlags.Volatile));
            using (SendTurn.Begin()) Assert.True(handler.Send("c", SendFlags.Volatile));
            transport.Write(session);
        }

        using (SendTurn.Begin()) Assert.True(handler.Send("d", SendFlags.Volatile));
        transport.Write(session);
        Assert.True(handler.Send("e", SendFlags.Volatile));
        transport.Write(session);
        Assert.True(handler.Send("f", SendFlags.Volatile));
    }

    [Fact]
    [Trait("Behaviour", "68")]
    public void Volatile_WithoutAWaitingPoll_IsDropped()
    {
        using var bench = new SessionBench();
        var (_, handler, transport) = bench.Open(EngineTransport.Polling);
        transport.IsReady = false;

        Assert.False(handler.Send("a", SendFlags.Volatile));
        Assert.False(handler.Send([1, 2], SendFlags.Volatile));
    }

    [Fact]
    public void Send_PastTheLimit_EndsTheSessionAsSlowConsumer()
    {
        using var bench = new SessionBench(options => options.MaxBufferedBytesPerSession = 10_000);
        using var slow = bench.Collect("orleansrooms.engineio.slow_consumers");
        var (session, handler, transport) = bench.Open();

        Assert.True(handler.Send(new byte[9_000]));
        transport.Take(session, out var batch);
        Assert.True(handler.Send(new byte[9_000]));
        Assert.False(handler.Send(new byte[1_000]));

        Assert.False(session.IsOpen);
        Assert.Equal(CloseReason.TransportError, transport.Ended);
        Assert.Equal(0, bench.Services.Sessions.Count);
        Assert.Equal(1, slow.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.Single(bench.Logger.Collector.GetSnapshot(), record => record.Id.Name == "SlowConsumer");
        Assert.False(session.CompleteBatch(batch, succeeded: true, canContinue: true));
    }

    [Fact]
    public void Send_OfAndBehindOneMessageLargerThanTheLimit_IsTaken()
    {
        using var bench = new SessionBench(options => options.MaxBufferedBytesPerSession = 10_000);
        var (session, handler, transport) = bench.Open();

        Assert.True(handler.Send(new byte[50_000]));
        transport.Write(session);
        Assert.True(handler.Send("before"));
        Assert.True(handler.Send(new byte[50_000]));
        Assert.True(handler.Send("behind"));
        transport.Take(session, out var batch);
        Assert.True(handler.Send("behind what is being written"));
        session.CompleteBatch(batch, succeeded: true, canContinue: true);

        Assert.True(session.IsOpen);
    }

    [Fact]
    public async Task Send_FromManyThreads_KeepsTheOrderOfEach()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();
        var received = new List<string>();
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++) Assert.True(handler.Send($"{sender}:{i}"));
        })).ToArray();

        while (received.Count < 20_000)
        {
            if (transport.IsAsked) received.AddRange(transport.Write(session).Split(' '));
            else await Task.Yield();
        }

        await Task.WhenAll(senders);
        for (var sender = 0; sender < 4; sender++)
        {
            var prefix = $"4{sender}:";
            Assert.Equal(
                Enumerable.Range(0, 5_000).Select(i => $"{prefix}{i}"),
                received.Where(packet => packet.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task CompleteBatch_ThatFailed_EndsTheSession()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();

        handler.Send("a");
        transport.Write(session, succeeded: false);

        Assert.Equal(CloseReason.TransportError, (await handler.Closed).Reason);
        Assert.False(handler.Send("b"));
    }

    [Fact]
    public async Task Frames_OfOneMessage_StayTogetherUnderConcurrency()
    {
        using var bench = new SessionBench();
        var (session, handler, transport) = bench.Open();
        var frames =
            new[] { EngineIOFrame.Text(EngineIOPacketType.Message, "head"), EngineIOFrame.Text(EngineIOPacketType.Message, "tail") };
        var senders = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++) session.Send(frames);
        })).ToArray();
        var received = new List<string>();

        while (received.Count < 8_000)
        {
            if (transport.IsAsked) received.AddRange(transport.Write(session).Split(' '));
            else await Task.Yield();
        }

        await Task.WhenAll(senders);
        Assert.Equal(Enumerable.Repeat(new[] { "4head", "4tail" }, 4_000).SelectMany(pair => pair), received);
    }
}
