using CsCheck;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Tests.Outbound;

public sealed class OutboundQueueTests
{
    [Fact]
    public void Take_WhatWasAdded_KeepsTheOrderAndTheLimits()
    {
        var queue = new OutboundQueue(100, long.MaxValue);
        var messages = Enumerable.Range(0, 10).Select(_ => Message()).ToList();
        foreach (var message in messages) queue.Add(message, out _);

        Assert.Equal(messages[..4], Take(queue, atMost: 4));
        Assert.Equal(messages[4..6], Take(queue, atMost: 10, bytesAtMost: 2 * messages[0].Size));
        Assert.Equal(messages[6..7], Take(queue, atMost: 10, bytesAtMost: 1));
        Assert.Equal(messages[7..], Take(queue));
    }

    [Fact]
    public void Add_ToAnIdleQueue_AsksTheCallerOnce()
    {
        var queue = new OutboundQueue(100, long.MaxValue);
        Assert.True(queue.Add(Message(), out _));
        Assert.False(queue.Add(Message(), out _));
        Take(queue);
        Assert.False(queue.Add(Message(), out _));
        Take(queue);
        Assert.Empty(Take(queue));
        Assert.True(queue.Add(Message(), out _));
    }

    [Fact]
    public void Queue_WithMoreThanALittle_IsBusyUntilItIsReleased()
    {
        var queue = new OutboundQueue(100_000, long.MaxValue);
        for (var i = 0; i < OutboundQueue.BusyMessages; i++) queue.Add(Message(), out _);
        Assert.False(queue.IsBusy);
        Assert.True(queue.Room.IsCompleted);
        queue.Add(Message(), out _);
        Assert.True(queue.IsBusy);
        var room = queue.Room;
        var taken = Take(queue, atMost: 1);
        Assert.False(room.IsCompleted);

        queue.Release(taken);
        Assert.True(room.IsCompleted);
        Assert.False(queue.IsBusy);
    }

    [Fact]
    public void Queue_WithManyBytes_IsBusy_AndAClosedOneIsNot()
    {
        var queue = new OutboundQueue(100, 64 * OutboundQueue.BusyBytes);
        var large = new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Payload = new byte[OutboundQueue.BusyBytes] };
        queue.Add(new OutboundMessage(large), out _);
        Assert.True(queue.IsBusy);
        var room = queue.Room;
        queue.Close();
        Assert.True(room.IsCompleted);
        Assert.False(queue.IsBusy);
    }

    [Fact]
    public void Queue_OfWhichNothingGoes_IsBusyOnlyWhenItIsHalfFull_UntilSomethingDoes()
    {
        var queue = new OutboundQueue(10 * OutboundQueue.BusyMessages, long.MaxValue);
        for (var i = 0; i <= OutboundQueue.BusyMessages; i++) queue.Add(Message(), out _);
        var room = queue.Room;
        queue.Widen();
        Assert.True(room.IsCompleted);
        Assert.False(queue.IsBusy);
        while (queue.Count < 5 * OutboundQueue.BusyMessages) queue.Add(Message(), out _);
        Assert.False(queue.IsBusy);
        queue.Add(Message(), out _);
        Assert.True(queue.IsBusy);

        queue.Release(Take(queue, atMost: 10));
        Assert.True(queue.IsBusy);
        queue.Release(Take(queue, atMost: 4 * OutboundQueue.BusyMessages));
        Assert.False(queue.IsBusy);
    }

    [Fact]
    public void Add_ToAFullQueue_DropsTheOldestVolatileFirst()
    {
        var queue = new OutboundQueue(4, long.MaxValue);
        var reliable = new[] { Message(), Message(), Message() };
        var oldest = Message(isVolatile: true);
        var newer = Message(isVolatile: true);
        queue.Add(reliable[0], out _);
        queue.Add(oldest, out _);
        queue.Add(newer, out _);
        queue.Add(reliable[1], out _);
        queue.Add(reliable[2], out var dropped);

        Assert.Equal([oldest], dropped!);
        Assert.Equal([reliable[0], newer, reliable[1], reliable[2]], Take(queue));
    }

    [Fact]
    public void Add_ToAQueueFullOfReliableMessages_DropsTheNewOne()
    {
        var queue = new OutboundQueue(2, long.MaxValue);
        queue.Add(Message(), out _);
        queue.Add(Message(), out _);
        var late = Message();
        Assert.False(queue.Add(late, out var dropped));

        Assert.Equal([late], dropped!);
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void Take_WithoutRelease_StillCounts()
    {
        var queue = new OutboundQueue(2, long.MaxValue);
        queue.Add(Message(), out _);
        queue.Add(Message(), out _);
        var taken = Take(queue);
        queue.Add(Message(), out var dropped);
        Assert.Single(dropped!);
        Assert.True(queue.Release(taken));
        queue.Add(Message(), out dropped);
        Assert.Null(dropped);
    }

    [Fact]
    public void Add_MessageLargerThanTheBound_IsLetThroughAlone()
    {
        var queue = new OutboundQueue(10, maxBytes: 100);
        queue.Add(Message(), out var dropped);
        Assert.Null(dropped);
        queue.Add(Message(), out dropped);
        Assert.Single(dropped!);
    }

    /// <summary>
    /// Nothing is lost or doubled: what was added was taken in order, or dropped; reliable messages only while nothing volatile was left to
    /// drop.
    /// </summary>
    [Fact]
    public void AnyHistory_AccountsForEveryMessage()
    {
        // -1 takes, 0 adds a reliable message, 1 a volatile one.
        Gen.Select(Gen.Int[-1, 1].Array[0, 200], Gen.Int[1, 20]).Sample((steps, capacity) =>
        {
            var queue = new OutboundQueue(capacity, long.MaxValue);
            List<OutboundMessage> added = [], taken = [], dropped = [], waiting = [];
            foreach (var kind in steps)
            {
                if (kind < 0)
                {
                    var batch = Take(queue, atMost: 3);
                    queue.Release(batch);
                    taken.AddRange(batch);
                    waiting.RemoveAll(batch.Contains);
                    continue;
                }

                var message = Message(isVolatile: kind == 1);
                added.Add(message);
                waiting.Add(message);
                queue.Add(message, out var victims);
                foreach (var victim in victims ?? [])
                {
                    waiting.Remove(victim);
                    dropped.Add(victim);
                    if (!victim.IsVolatile) Assert.DoesNotContain(waiting, m => m.IsVolatile);
                }

                Assert.Equal(waiting.Count, queue.Count);
                Assert.True(waiting.Count <= capacity);
            }

            taken.AddRange(Take(queue));
            Assert.Equal(added.Except(dropped), taken);
        });
    }

    /// <summary>A payload waits for those before it in its namespace, and at most for one large one of another.</summary>
    [Fact]
    public void Take_BehindManyLargeMessagesOfAnotherNamespace_TakesTurns()
    {
        const int limit = 1024 * 1024;
        var queue = new OutboundQueue(10_000, long.MaxValue);
        var large = Enumerable.Range(0, 20).Select(_ => Message(ns: "/files", size: limit)).ToList();
        var small = Enumerable.Range(0, 50).Select(_ => Message(ns: "/chat")).ToList();
        foreach (var message in large.Concat(small)) queue.Add(message, out _);

        Assert.Equal(large[..1], Take(queue, bytesAtMost: limit));
        Assert.Equal(small, Take(queue, bytesAtMost: limit));
        Assert.Equal(large[1..2], Take(queue, bytesAtMost: limit));
    }

    [Fact]
    public void Take_OfOneNamespaceAlone_IsNotBoundByTurns()
    {
        var queue = new OutboundQueue(10_000, long.MaxValue);
        var messages = Enumerable.Range(0, 100).Select(_ => Message(size: 10_000)).ToList();
        foreach (var message in messages) queue.Add(message, out _);

        Assert.Equal(messages, Take(queue));
    }

    /// <summary>Whatever the sizes and limits: each namespace's messages come in order, and all of them come.</summary>
    [Fact]
    public void AnyHistoryOfNamespaces_KeepsTheOrderWithinEach()
    {
        Gen.Select(
            Gen.Select(Gen.Int[-1, 4], Gen.Int[0, 100_000]).Array[0, 200], Gen.Int[1, 20],
            Gen.Int[1, 200_000]).Sample((steps, atMost, bytesAtMost) =>
        {
            var queue = new OutboundQueue(int.MaxValue, long.MaxValue);
            List<OutboundMessage> added = [], taken = [];
            foreach (var (ns, size) in steps)
            {
                if (ns < 0)
                {
                    taken.AddRange(Take(queue, atMost, bytesAtMost));
                    continue;
                }

                var message = Message(ns: $"/{ns}", size: size);
                added.Add(message);
                queue.Add(message, out _);
            }

            while (Take(queue, atMost, bytesAtMost) is { Count: > 0 } rest)
            {
                taken.AddRange(rest);
            }

            Assert.Equal(added.Count, taken.Count);
            foreach (var ofOne in added.GroupBy(message => message.Envelope.Namespace))
            {
                Assert.Equal(ofOne, taken.Where(message => message.Envelope.Namespace == ofOne.Key));
            }
        });
    }

    private static OutboundMessage Message(bool isVolatile = false, string ns = "/", int size = 0) => new(new Envelope
    {
        Kind = EnvelopeKind.Broadcast,
        Namespace = ns,
        Payload = new byte[size],
        Flags = isVolatile ? EnvelopeFlags.Volatile : EnvelopeFlags.None,
    });

    private static List<OutboundMessage> Take(OutboundQueue queue, int atMost = int.MaxValue, long bytesAtMost = long.MaxValue)
    {
        var taken = new List<OutboundMessage>();
        queue.TryTake(taken, atMost, bytesAtMost);
        return taken;
    }
}
