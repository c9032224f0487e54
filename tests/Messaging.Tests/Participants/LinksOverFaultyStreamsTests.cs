using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Messaging.Links;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>G6 as far as links go: whatever the carrier does to batches, each envelope arrives once and in order.</summary>
public sealed class LinksOverFaultyStreamsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100)]
    public async Task TrafficInAllDirections_ArrivesOnceAndInOrder(int faults)
    {
        const int count = 2000;
        var streams = new FaultyStreams(faults);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        await using var c = await TestParticipant.StartAsync("c", streams);
        (TestParticipant From, TestParticipant To)[] links = [(a, b), (b, a), (a, c), (c, b)];
        for (var i = 0; i < count; i++)
        {
            foreach (var (from, to) in links) from.Send(to, $"{i}");
            if (i % 10 == 0) await Task.Yield();
        }

        foreach (var (from, to) in links)
        {
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), await to.WaitAsync(from, count));
        }
    }

    [Fact]
    public async Task LastOfABurst_ThatIsLost_IsMissedAndSentAgain()
    {
        var streams = new FaultyStreams(faults: 1000);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        a.Send(b, "only");
        while (streams.Sent.Batches == 0) await Task.Yield();
        streams.Repair();

        Assert.Equal(["only"], await b.WaitAsync(a, 1));
    }

    [Fact]
    public async Task ReceiverThatIsFull_LetsTheRestWaitAtThePublisher()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams, maxReceivedBytes: 10_000);
        b.Stall();
        for (var i = 0; i < 200; i++) a.Send(b, $"{i}", size: 1000);
        await a.Participant.WhenSentAsync();
        b.GoOn();

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), await b.WaitAsync(a, 200));
    }

    [Fact]
    public async Task G8_SlowReceiver_LosesNothingAndSlowsNoOther()
    {
        const int count = 3000;
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var slow = await TestParticipant.StartAsync("slow", streams, maxReceivedBytes: 10_000);
        await using var quick = await TestParticipant.StartAsync("quick", streams);
        slow.Stall();
        for (var i = 0; i < count; i++)
        {
            a.Send(slow, $"{i}", size: 1000);
            a.Send(quick, $"{i}", size: 1000);
        }

        // The quick one has everything while the slow one has not taken a second.
        Assert.Equal(count, (await quick.WaitAsync(a, count)).Length);
        Assert.InRange(slow.ReceivedFrom(a).Length, 0, 1);
        slow.GoOn();
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), await slow.WaitAsync(a, count));
    }

    [Fact]
    public async Task WhenSent_PostedAndNotAcknowledged_AsksTheCarrierWhetherItHasIt()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        var returning = new TaskCompletionSource();
        streams.Returning = returning.Task;
        streams.Mute = b.Identity;
        a.Send(b, "there");
        await b.WaitAsync(a, 1);
        Assert.Equal(1, streams.Posted);

        var sent = a.Participant.WhenSentAsync();
        Assert.False(sent.IsCompleted);
        returning.SetResult();
        await sent.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WhenSent_Acknowledged_AsksNobody()
    {
        var streams = new FaultyStreams(faults: 0) { Returning = new TaskCompletionSource().Task };
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        a.Send(b, "there");
        await b.WaitAsync(a, 1);
        // Carries the acknowledgement.
        b.Send(a, "back");
        await a.WaitAsync(b, 1);

        await a.Participant.WhenSentAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task MoreThanAReceiverLetsWait_IsSentWithAnAnswer()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        streams.Mute = b.Identity;
        for (var i = 0; i < LinkReceiver.UnheardMessages; i++) a.Send(b, $"{i}");
        await b.WaitAsync(a, LinkReceiver.UnheardMessages);
        var posted = streams.Posted;
        var batches = streams.Sent.Batches;
        a.Send(b, "one too many");
        await b.WaitAsync(a, LinkReceiver.UnheardMessages + 1);

        Assert.InRange(posted, 1, LinkReceiver.UnheardMessages);
        Assert.Equal(posted, streams.Posted);
        Assert.True(streams.Sent.Batches > batches);
    }

    [Fact]
    public async Task PublisherThatRegistersAnew_GoesOn()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        a.Send(b, "1");
        await b.WaitAsync(a, 1);
        await a.RegisterAsync(2);
        a.Send(b, "2");
        b.Send(a, "3");

        Assert.Equal(["1", "2"], await b.WaitAsync(a, 2));
        Assert.Equal(["3"], await a.WaitAsync(b, 1));
    }

    [Fact]
    public async Task ReceiverThatRegistersAnew_IsSentToFromTheBeginning()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        for (var i = 0; i < 10; i++) a.Send(b, $"{i}");
        await b.WaitAsync(a, 10);
        await b.RegisterAsync(2);
        a.Send(b, "10");

        Assert.Equal("10", (await b.WaitAsync(a, 11))[^1]);
    }

    [Fact]
    public async Task NodeThatLeftWhileAnAcknowledgementIsOwedToIt_IsNoFailureOfTheCluster()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var leaving = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        leaving.Send(b, "goodbye");
        await b.WaitAsync(leaving, 1);
        streams.Closed = leaving.Participant.OwnAddress;
        var acknowledgements = streams.Sent.Acknowledgements;
        while (streams.Sent.Acknowledgements == acknowledgements) await Task.Yield();
        // The next is not sent before that one has been given up.
        streams.Closed = null;
        leaving.Send(b, "not yet");
        await b.WaitAsync(leaving, 2);
        while (streams.Sent.Acknowledgements < acknowledgements + 2) await Task.Yield();

        Assert.Null(b.Participant.Health.LastFailure);
    }

    [Fact]
    public async Task NodeThatCannotBeReached_IsAFailureOfTheCluster()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        streams.Closed = b.Participant.OwnAddress;
        a.Send(b, "there");
        while (a.Participant.Health.LastFailure is null) await Task.Yield();
        streams.Closed = null;
        Assert.Equal(["there"], await b.WaitAsync(a, 1));
    }

    [Fact]
    public async Task RunThatADirectoryDeclaredDepartedAndTheNextAdopts_IsSentToAgain()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var frozen = await TestParticipant.StartAsync("b", streams);
        for (var i = 0; i < 10; i++) a.Send(frozen, $"{i}");
        await frozen.WaitAsync(a, 10);
        Hear(directory: 1, [a.Identity], departed: [frozen.Identity]);
        a.Send(frozen, "into the void");
        Hear(directory: 2, [a.Identity, frozen.Identity], departed: []);
        a.Send(frozen, "welcome back");
        frozen.Send(a, "here again");

        Assert.Equal("welcome back", (await frozen.WaitAsync(a, 11))[^1]);
        Assert.Equal(["here again"], await a.WaitAsync(frozen, 1));

        void Hear(long directory, NodeIdentity[] living, NodeIdentity[] departed) => a.Participant.OnDirectoryAnswered(
            new DirectoryView(new DirectoryVersion(directory, 1), [.. living], [.. departed], directory, Settled: directory), out _);
    }

    [Fact]
    public async Task SendThatIsNeverAnswered_IsRepeatedWhenTheClusterHasLostSomething()
    {
        var streams = new FaultyStreams(0);
        await using var publisher = await TestParticipant.StartAsync("a", streams, callTimeout: TimeSpan.FromMinutes(5));
        await using var receiver = await TestParticipant.StartAsync("b", streams);
        Hear(generation: 1);
        streams.Returning = new TaskCompletionSource().Task;
        publisher.Send(receiver, "large", size: 2 * 1024 * 1024);
        await receiver.WaitAsync(publisher, 1);
        publisher.Send(receiver, "behind it");
        streams.Returning = Task.CompletedTask;
        Hear(generation: 2);
        Assert.Equal(["large", "behind it"], await receiver.WaitAsync(publisher, 2));

        void Hear(long generation) => publisher.Participant.OnDirectoryAnswered(
            new DirectoryView(new DirectoryVersion(1, generation), [], [], generation, Settled: generation), out _);
    }

    [Fact]
    public async Task SendThatIsNotAnsweredInTime_IsRepeated()
    {
        var streams = new FaultyStreams(0);
        await using var publisher = await TestParticipant.StartAsync("a", streams, callTimeout: TimeSpan.FromMilliseconds(200));
        await using var receiver = await TestParticipant.StartAsync("b", streams);
        streams.Returning = new TaskCompletionSource().Task;
        publisher.Send(receiver, "large", size: 2 * 1024 * 1024);
        await receiver.WaitAsync(publisher, 1);
        publisher.Send(receiver, "behind it");
        streams.Returning = Task.CompletedTask;

        Assert.Equal(["large", "behind it"], await receiver.WaitAsync(publisher, 2));
    }

    [Fact]
    public async Task StreamThatFallsSilent_IsReplacedSoonAfterTheClusterHasLostSomething()
    {
        var streams = new FaultyStreams(0);
        // Longer than anybody waits here: the probe under way when the doubt arises must not have all of it.
        await using var participant = await TestParticipant.StartAsync("a", streams, callTimeout: TimeSpan.FromMinutes(5));
        var former = participant.Participant.OwnAddress!;
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        participant.Participant.StreamMoved += moved.SetResult;
        streams.Silent = former;
        await streams.HasSwallowed.WaitAsync(TimeSpan.FromMinutes(1));
        participant.Participant.DoubtStream();
        await moved.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(former with { Number = former.Number + 1 }, participant.Participant.OwnAddress);
    }

    [Fact]
    public async Task SmallEnvelope_BehindManyLargeOnesOfAnotherNamespace_WaitsForOneOfThem()
    {
        const int megabyte = 1024 * 1024;
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        var carrier = new TaskCompletionSource();
        streams.Returning = carrier.Task;
        a.Send(b, "large 0", megabyte, "/files");
        await b.WaitAsync(a, 1);
        // The carrier is still busy with it.
        for (var i = 1; i < 10; i++) a.Send(b, $"large {i}", megabyte, "/files");
        a.Send(b, "small", ns: "/chat");
        carrier.SetResult();

        var received = await b.WaitAsync(a, 11);
        Assert.InRange(Array.IndexOf(received, "small"), 1, 2);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"large {i}"), received.Where(text => text != "small"));
    }

    [Fact]
    public async Task Acknowledgements_RideOnTrafficInTheOtherDirection()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        for (var i = 1; i <= 500; i++)
        {
            a.Send(b, $"{i}");
            await b.WaitAsync(a, i);
            b.Send(a, $"{i}");
            await a.WaitAsync(b, i);
        }

        Assert.InRange(streams.Sent.Acknowledgements, 0, 20);
    }
}
