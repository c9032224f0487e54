using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.EngineIO.Tests.Wire;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>
/// Many clients that never read, beside one that does; the large version is the scenario <c>stalled</c> of <c>benchmarks/ServerLoad</c>.
/// </summary>
public sealed class StalledClientsTests
{
    private const int Stalled = 50;
    private const int FrameSize = 50_000;
    private const int Limit = 10 * FrameSize;
    private const int MostRounds = 1_000;

    [Fact]
    public async Task Clients_ThatNeverRead_HoldNoMoreThanTheirLimitsAndOthersMissNothing()
    {
        await using var host = await EngineHost.StartAsync(options => options.MaxBufferedBytesPerSession = Limit);
        using var waiting = host.Collect("orleansrooms.engineio.send_buffers");
        using var closed = host.Collect("orleansrooms.engineio.slow_consumers");
        var (reader, _) = await RawWebSocket.OpenAsync(host.Address);
        await using var closing = reader;
        List<EchoSession> sessions = [await host.NextSessionAsync()];
        List<RawConnection> connections = [];
        for (var i = 0; i < Stalled; i++)
        {
            var connection = await RawConnection.OpenAsync(host.Address, receiveBufferSize: 4096);
            connections.Add(connection);
            await connection.WriteWebSocketHandshakeAsync("/socket.io/?EIO=4&transport=websocket");
            await connection.ReadResponseAsync();
            sessions.Add(await host.NextSessionAsync());
        }

        // Everybody is sent the same, round by round; the reader has each before the next begins.
        EngineIOFrame[] frames = [new EngineIOFrame(new byte[FrameSize], isBinary: true)];
        var rounds = 0;
        for (; rounds < MostRounds && Sum(closed) < Stalled; rounds++)
        {
            foreach (var session in sessions) session.Session.Send(frames);
            Assert.Equal(FrameSize, (await reader.NextAsync()).Bytes.Length);
            Assert.InRange(BytesWaiting(), 0, (Stalled + 1L) * (Limit + FrameSize + Outbox.FrameOverhead));
        }

        Assert.InRange(rounds, 1, MostRounds - 1);
        foreach (var stalled in sessions.Skip(1))
        {
            Assert.Equal((CloseReason.TransportError, "the client does not read what is sent to it"), await stalled.Closed);
        }

        sessions[0].Send("still here");
        Assert.Equal("4still here", (await reader.NextAsync()).Text);
        await sessions[0].WritableAsync();
        Assert.Equal(0, BytesWaiting());
        Assert.Equal(1, host.Server.ClientsCount);
        connections.ForEach(connection => connection.Dispose());

        long BytesWaiting()
        {
            waiting.RecordObservableInstruments();
            return waiting.LastMeasurement!.Value;
        }
    }

    private static long Sum(Microsoft.Extensions.Diagnostics.Metrics.Testing.MetricCollector<long> counter) =>
        counter.GetMeasurementSnapshot().Sum(measurement => measurement.Value);
}
