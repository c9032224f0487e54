using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

/// <summary>A stream lives as long as somebody reads it.</summary>
public sealed class PacketStreamLeaseTests : IDisposable
{
    private static readonly StreamId Id = new PacketStreamAddress(new NodeIdentity("a", 1), 1, "").ToStreamId("key");

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics()
        .AddSingleton<PacketStreamMetrics>().BuildServiceProvider();
    private readonly PacketSlots _slots;
    private readonly LocalPacketStreams _streams;

    public PacketStreamLeaseTests()
    {
        _slots = new PacketSlots(_time);
        _streams = new LocalPacketStreams(
            new Details(),
            _slots,
            Options.Create(new PacketStreamOptions { Lease = TimeSpan.FromSeconds(10) }),
            _services.GetRequiredService<PacketStreamMetrics>(),
            _time,
            NullLoggerFactory.Instance);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Stream_NotRead_IsClosed()
    {
        Assert.True(_streams.TryOpen(Id));
        Assert.Equal(PacketStreamOutcome.Accepted, _streams.Send(Id, Batches.Of(1)));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        _streams.Sweep();
        Assert.Equal(PacketStreamOutcome.Accepted, _streams.Send(Id, Batches.Of(2)));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _streams.Sweep();
        Assert.Equal(PacketStreamOutcome.Closed, _streams.Send(Id, Batches.Of(3)));
    }

    [Fact]
    public void Stream_ReadDirectly_StaysOpenWhileSomethingComes()
    {
        Assert.False(_streams.TryRead(Id, _ => { }));
        Assert.True(_streams.TryOpen(Id));
        var received = new List<int>();
        Assert.True(_streams.TryRead(Id, batch => received.Add(batch.Envelopes[0].Count)));
        for (var i = 1; i <= 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(PacketStreamOutcome.Accepted, _streams.Send(Id, Batches.Of(i)));
            _streams.Sweep();
        }

        Assert.Equal(Enumerable.Range(1, 10), received);
        _time.Advance(TimeSpan.FromSeconds(10));
        _streams.Sweep();
        Assert.Equal(PacketStreamOutcome.Closed, _streams.Send(Id, Batches.Of(11)));
    }

    [Fact]
    public void Stream_Read_StaysOpen()
    {
        Assert.True(_streams.TryOpen(Id));
        var cursor = CursorOf(new PacketStreamCache(SlotOfStream()));
        for (var i = 1; i <= 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(PacketStreamOutcome.Accepted, _streams.Send(Id, Batches.Of(i)));
            Assert.True(HasMore(cursor));
            Assert.Equal(i, Batches.NumberOf(Assert.Single(cursor.GetCurrent(out _)!.GetEvents<EnvelopeBatch>()).Item1));
            Assert.False(HasMore(cursor));
            _streams.Sweep();
        }
    }

    [Fact]
    public void Cursor_OfAStreamThatWasClosed_HasNothing()
    {
        Assert.True(_streams.TryOpen(Id));
        var cache = new PacketStreamCache(SlotOfStream());
        var cursor = CursorOf(cache);
        _streams.Send(Id, Batches.Of(1));
        _streams.Close(Id);
        Assert.False(HasMore(cursor));
        Assert.False(HasMore(CursorOf(cache)));
        _streams.Close(Id);
    }

    [Fact]
    public void Open_Twice_IsTheSameStream()
    {
        Assert.True(_streams.TryOpen(Id));
        _streams.Send(Id, Batches.Of(1));
        Assert.True(_streams.TryOpen(Id));
        Assert.True(HasMore(CursorOf(new PacketStreamCache(SlotOfStream()))));
    }

    private static IQueueCacheCursor CursorOf(IQueueCache cache) => cache.TryGetCacheCursor(Id, null).Cursor!;

    private static bool HasMore(IQueueCacheCursor cursor) => cursor.MoveNextWithResult() == QueueCacheCursorMoveResult.Success;

    private PacketSlot SlotOfStream() => _slots.SlotOf(_slots.GetQueueForStream(Id));

    private sealed class Details : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 11111, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
