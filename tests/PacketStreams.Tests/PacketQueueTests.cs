using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

public sealed class PacketQueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_GivesEverythingThatWaitsInOrder()
    {
        var queue = Queue();
        Add(queue, 1, 2, 3);
        Assert.Equal([1, 2, 3], Take(queue));
        Assert.Null(queue.Take());
        Add(queue, 4);
        Assert.Equal([4], Take(queue));
    }

    [Fact]
    public void Add_WakesTheReaderOnceItFoundNothing()
    {
        var queue = Queue();
        Assert.True(Wakes(queue, 1), "Nothing was ever read.");
        Assert.False(Wakes(queue, 2));
        Take(queue);
        Assert.False(Wakes(queue, 3), "The reader is at work and will look again.");
        Take(queue);
        Assert.Null(queue.Take());
        Assert.True(Wakes(queue, 4));
        Assert.False(Wakes(queue, 5));
    }

    [Fact]
    public void Add_ReaderThatDidNotCome_IsWokenAgainAfterAWhile()
    {
        var queue = Queue();
        Assert.True(Wakes(queue, 1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(Wakes(queue, 2));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(Wakes(queue, 3));
        Assert.False(Wakes(queue, 4));
    }

    [Fact]
    public void Add_TooManyEnvelopes_IsRefusedUntilSomethingIsTaken()
    {
        var queue = Queue(maxEnvelopes: 5);
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(1, envelopes: 3), out _));
        Assert.Equal(PacketStreamOutcome.Full, queue.Add(Batches.Of(2, envelopes: 3), out _));
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(3, envelopes: 2), out _));
        Assert.Equal([1, 3], Take(queue));
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(4, envelopes: 5), out _));
    }

    [Fact]
    public void Add_TooManyBytes_IsRefusedButNeverWhenNothingWaits()
    {
        var queue = Queue(maxBytes: 10_000);
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(1, bytes: 50_000), out _));
        Assert.Equal(PacketStreamOutcome.Full, queue.Add(Batches.Of(2), out _));
        Assert.True(queue.Bytes >= 50_000);
        Assert.Equal([1], Take(queue));
        Assert.Equal(0, queue.Bytes);
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(3, bytes: 5_000), out _));
        Assert.Equal(PacketStreamOutcome.Full, queue.Add(Batches.Of(4, bytes: 5_000), out _));
    }

    [Fact]
    public void Take_MuchWaits_GivesItInPortions()
    {
        var queue = Queue(maxBytesTaken: 3_000);
        for (var i = 1; i <= 4; i++) queue.Add(Batches.Of(i, bytes: 1_000), out _);
        queue.Add(Batches.Of(5, bytes: 9_000), out _);
        Assert.Equal([1, 2], Take(queue));
        Assert.Equal([3, 4], Take(queue));
        Assert.Equal([5], Take(queue));
        Assert.Null(queue.Take());
    }

    [Fact]
    public void Close_GivesUpWhatWaitsAndRefusesTheRest()
    {
        var queue = Queue();
        queue.Add(Batches.Of(1, envelopes: 3), out _);
        queue.Add(Batches.Of(2), out _);
        Assert.Equal(4, queue.Close());
        Assert.Equal(0, queue.Close());
        Assert.Null(queue.Take());
        Assert.Equal(PacketStreamOutcome.Closed, queue.Add(Batches.Of(3), out var wake));
        Assert.False(wake);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Unread_CountsFromTheLastLook()
    {
        var queue = Queue();
        _time.Advance(TimeSpan.FromSeconds(5));
        queue.Add(Batches.Of(1), out _);
        Assert.Equal(TimeSpan.FromSeconds(5), queue.Unread);
        queue.Take();
        Assert.Equal(TimeSpan.Zero, queue.Unread);
        _time.Advance(TimeSpan.FromSeconds(3));
        queue.Take();
        Assert.Equal(TimeSpan.Zero, queue.Unread);
    }

    private PacketQueue Queue(long maxBytes = 1_000_000, int maxEnvelopes = 1_000, long maxBytesTaken = 1_000_000) =>
        new(new PacketQueueLimits(maxBytes, maxEnvelopes, maxBytesTaken), _time);

    private static void Add(PacketQueue queue, params int[] numbers)
    {
        foreach (var number in numbers) Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(number), out _));
    }

    private static bool Wakes(PacketQueue queue, int number)
    {
        Assert.Equal(PacketStreamOutcome.Accepted, queue.Add(Batches.Of(number), out var wake));
        return wake;
    }

    private static int[] Take(PacketQueue queue) => [.. (queue.Take() ?? []).Select(Batches.NumberOf)];
}
