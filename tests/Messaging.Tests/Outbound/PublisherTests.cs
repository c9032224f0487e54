using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Tests.Participants;

namespace OrleansRooms.Messaging.Tests.Outbound;

/// <summary>Who emits more than the cluster carries is held up, and who emits elsewhere is not.</summary>
public sealed class PublisherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FaultyStreams _streams = new(faults: 0);

    // It never passes by itself: only room ends a wait.
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Send_ToANodeThatIsSlow_WaitsUntilThereIsRoom()
    {
        await using var a = await StartAsync();
        await using var slow = await TestParticipant.StartAsync("slow", _streams);
        var publisher = Open(a, slow);
        slow.Stall();
        var (held, sent) = SendUntilHeld(publisher, "slow");

        // So much, and no more, is in front of whatever anybody else sends.
        Assert.InRange(sent, OutboundQueue.BusyMessages, (2 * OutboundQueue.BusyMessages) + 100);
        Assert.False(held.IsCompleted);
        slow.GoOn();
        await held.WaitAsync(Patience);
        Assert.Equal(Enumerable.Repeat("slow", sent), await slow.WaitAsync(a, sent));
    }

    [Fact]
    public async Task Send_ToAnotherNodeThanTheSlowOne_DoesNotWaitForIt()
    {
        await using var a = await StartAsync();
        await using var slow = await TestParticipant.StartAsync("slow", _streams);
        await using var quick = await TestParticipant.StartAsync("quick", _streams);
        var publisher = Open(a, slow, quick);
        slow.Stall();
        var (held, _) = SendUntilHeld(publisher, "slow");
        for (var i = 0; i < 100; i++) await publisher.Send(Message("quick")).WaitAsync(Patience);

        Assert.Equal(100, (await quick.WaitAsync(a, 100)).Length);
        Assert.False(held.IsCompleted);
        slow.GoOn();
        await held.WaitAsync(Patience);
    }

    [Fact]
    public async Task Send_WhileNothingGoes_WaitsOnceAndThenUntilHalfOfAllWaits()
    {
        await using var a = await StartAsync();
        await using var slow = await TestParticipant.StartAsync("slow", _streams);
        var publisher = Open(a, slow);
        slow.Stall();
        var (held, first) = SendUntilHeld(publisher, "slow");
        // It is known that it is the link that is busy.
        await publisher.WhenIdleAsync().WaitAsync(Patience);
        _time.Advance(TimeSpan.FromSeconds(1));
        await held.WaitAsync(Patience);
        var sent = first;
        for (; sent < 45_000; sent++) await publisher.Send(Message("slow")).WaitAsync(Patience);
        Task last;
        do
        {
            last = publisher.Send(Message("slow"));
        }
        while (++sent < 60_000);

        Assert.False(last.IsCompleted);
        slow.GoOn();
        await last.WaitAsync(Patience);
        Assert.Equal(sent, (await slow.WaitAsync(a, sent)).Length);
    }

    private Task<TestParticipant> StartAsync() => TestParticipant.StartAsync("a", _streams, time: _time, isListed: true);

    private Publisher Open(TestParticipant a, params TestParticipant[] others)
    {
        var publisher = a.Participant.OpenPublisher("/");
        var now = _time.GetTimestamp();
        a.Participant.Routes.Begin(generation: 0);
        a.Participant.Routes.Renew(now, TimeSpan.FromDays(1));
        publisher.Cache!.Ask([.. others.Select(other => other.Participant.Id)]);
        foreach (var other in others)
        {
            other.Participant.Addresses.Learn(a.Participant.OwnAddress!);
            a.Participant.Addresses.Learn(other.Participant.OwnAddress!);
            publisher.Cache.Keep(other.Participant.Id, [other.Identity], askedAt: now + _time.TimestampFrequency, expires: long.MaxValue);
        }

        return publisher;
    }

    private static (Task Held, int Sent) SendUntilHeld(Publisher publisher, string room)
    {
        for (var sent = 1; ; sent++)
        {
            var passed = publisher.Send(Message(room));
            if (!passed.IsCompleted) return (passed, sent);
        }
    }

    private static OutboundMessage Message(string room) =>
        new(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [room] });
}
