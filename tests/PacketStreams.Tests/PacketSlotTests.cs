using Microsoft.Extensions.Time.Testing;
using Orleans.Streams;

namespace OrleansRooms.PacketStreams.Tests;

public sealed class PacketSlotTests
{
    private static readonly IList<IBatchContainer> Doorbell = [null!];

    private readonly PacketSlot _slot = new(QueueId.GetQueueId("q", 0, 0));

    [Fact]
    public async Task Receive_WaitsUntilItIsWoken()
    {
        var waiting = _slot.GetQueueMessagesAsync(-1, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _slot.Wake(Doorbell);
        Assert.Same(Doorbell, await waiting);
        Assert.False(_slot.GetQueueMessagesAsync(-1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Receive_WokenBefore_ReturnsAtOnceAndOnlyOnce()
    {
        _slot.Wake(Doorbell);
        _slot.Wake(Doorbell);
        Assert.Same(Doorbell, await _slot.GetQueueMessagesAsync(-1, CancellationToken.None));
        Assert.False(_slot.GetQueueMessagesAsync(-1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Receive_AgentStops_EndsWithNothing()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = _slot.GetQueueMessagesAsync(-1, stopping.Token);
        await stopping.CancelAsync();
        Assert.Empty(await waiting);
        Assert.Empty(await _slot.GetQueueMessagesAsync(-1, stopping.Token));
        // What came in between is not lost for the next agent.
        _slot.Wake(Doorbell);
        Assert.Same(Doorbell, await _slot.GetQueueMessagesAsync(-1, CancellationToken.None));
    }

    [Fact]
    public void Serve_AnotherStream_ForgetsWhatTheFormerRang()
    {
        _slot.Wake(Doorbell);
        _slot.Serve(null);
        Assert.False(_slot.GetQueueMessagesAsync(-1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Slots_ThereIsAlwaysOneThatAlreadyWaits()
    {
        var slots = new PacketSlots(new FakeTimeProvider());
        var known = slots.GetMyQueues().ToHashSet();
        var listener = new Listener(slots);
        slots.SubscribeToQueueDistributionChangeEvents(listener);
        for (var i = 0; i < 20; i++)
        {
            var taken = slots.Take();
            Assert.Contains(taken.Queue, known);
            Assert.Same(taken, slots.SlotOf(taken.Queue));
            known.UnionWith(listener.Heard);
        }

        Assert.True(known.Count > 20);
    }

    [Fact]
    public void Slots_ReturnedOne_IsUsedAgainAfterARest()
    {
        var time = new FakeTimeProvider();
        var slots = new PacketSlots(time);
        var first = slots.Take();
        slots.Return(first);
        Assert.NotSame(first, slots.Take());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Same(first, slots.Take());
        Assert.NotSame(first, slots.Take());
    }

    private sealed class Listener(PacketSlots slots) : IStreamQueueBalanceListener
    {
        public IEnumerable<QueueId> Heard { get; private set; } = [];

        public Task QueueDistributionChangeNotification()
        {
            Heard = slots.GetMyQueues();
            return Task.CompletedTask;
        }
    }
}
