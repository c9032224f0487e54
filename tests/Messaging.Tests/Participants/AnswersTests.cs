using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>Answers and packets on one link: neither takes the other's room, and whoever asks for too much hears it.</summary>
public sealed class AnswersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AnswersWithoutRoom_FailForWhoAskedAndDisplaceNoPacket()
    {
        const int size = 100_000;
        var streams = new FaultyStreams(faults: 0);
        await using var asking = await TestParticipant.StartAsync("asking", streams);
        await using var answering = await TestParticipant.StartAsync("answering", streams, maxQueuedBytes: 3 * size);
        var request = new ServerSideEmitRequest();
        asking.Participant.Requests.Add(request);
        request.OnRouted([answering.Identity]);
        var carrier = new TaskCompletionSource();
        streams.Returning = carrier.Task;
        // Large enough for the carrier to be asked whether it has it, so that what follows waits.
        answering.Send(asking, "first", 2 * 1024 * 1024);
        await asking.WaitAsync(answering, 1);

        for (var i = 0; i < 10; i++) answering.Participant.Links.Send(asking.Identity, Answer(requestId: 12345, size));
        answering.Participant.Links.Send(asking.Identity, Answer(request.Id, size));
        answering.Participant.Links.Send(
            asking.Identity, new Envelope { Kind = EnvelopeKind.RoutesDropped, Namespace = "/", RequestId = 12345 });
        carrier.SetResult();
        await request.Completed.WaitAsync(Patience);
        for (var i = 0; i < 5; i++) answering.Send(asking, $"{i}", 1000);

        Assert.Equal(["first", "0", "1", "2", "3", "4"], await asking.WaitAsync(answering, 6));
        request.Close(out var missing);
        Assert.Equal(["answering"], missing.AsEnumerable());
    }

    [Fact]
    public async Task PacketsAndAnswers_ThatWaitTogether_TakeTurns()
    {
        const int size = 300_000;
        var streams = new FaultyStreams(faults: 0);
        await using var asking = await TestParticipant.StartAsync("asking", streams);
        await using var answering = await TestParticipant.StartAsync("answering", streams);
        var request = new ServerSideEmitRequest();
        asking.Participant.Requests.Add(request);
        request.OnRouted([answering.Identity]);
        var carrier = new TaskCompletionSource();
        streams.Returning = carrier.Task;
        answering.Send(asking, "first", 2 * 1024 * 1024);
        await asking.WaitAsync(answering, 1);

        // Nobody takes a packet before the last of the many answers has come, if those are not held up by the packets nor these by them.
        asking.Stall();
        for (var i = 0; i < 60; i++) answering.Send(asking, $"{i}", size);
        answering.Participant.Links.Send(asking.Identity, Answer(request.Id, size));
        carrier.SetResult();
        await request.Completed.WaitAsync(Patience);
        asking.GoOn();

        Assert.Equal(61, (await asking.WaitAsync(answering, 61)).Length);
        Assert.Equal(size, Assert.Single(request.Responses).Payload.Length);
    }

    [Fact]
    public async Task LongAnswer_WaitsForRoom_WhichTheOtherEndMakes()
    {
        const int size = 256 * 1024;
        var streams = new FaultyStreams(faults: 0);
        await using var asking = await TestParticipant.StartAsync("asking", streams);
        await using var answering = await TestParticipant.StartAsync("answering", streams);
        answering.Participant.Addresses.Learn(asking.Participant.OwnAddress!);
        var link = answering.Participant.Links.FindOrDrop(asking.Identity)!;
        streams.Mute = asking.Identity;
        var sent = 0;
        await link.EnterLongAnswerAsync(CancellationToken.None);
        while (link.WhenRoomAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully)
        {
            link.Answer(Answer(requestId: 12345, size), hasRoom: true);
            sent++;
        }

        Assert.InRange(sent, 5, 7);
        var next = link.EnterLongAnswerAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        // What is on its way is bounded; once the other end is heard again, there is room.
        streams.Mute = null;
        await link.WhenRoomAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        link.LeaveLongAnswer();
        await next.WaitAsync(Patience);
    }

    [Fact]
    public async Task AnswersThatTakeMoreThanThereIsRoomFor_FailTheQuestionWithMostOfThem()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var asking = await TestParticipant.StartAsync("asking", streams);
        await using var answering = await TestParticipant.StartAsync("answering", streams);
        answering.Participant.Addresses.Learn(asking.Participant.OwnAddress!);
        var requests = asking.Participant.Requests;
        var (large, small) = (new FetchRequest<string>(Read), new FetchRequest<string>(Read));
        using (requests.Add(large))
        {
            using var expected = requests.Add(small);
            large.OnRouted([answering.Identity]);
            small.OnRouted([answering.Identity]);
            answering.Participant.Links.Send(asking.Identity, Part(small.Id, 200_000, isLast: false));
            for (var i = 0; i < 4; i++) answering.Participant.Links.Send(asking.Identity, Part(large.Id, 250_000, isLast: false));

            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
                () => requests.WaitAsync(large, Patience, CancellationToken.None));
            Assert.Contains("MaxAnswerBytes", thrown.Message, StringComparison.Ordinal);
            answering.Participant.Links.Send(asking.Identity, Part(small.Id, 200_000, isLast: true));
            Assert.True(await requests.WaitAsync(small, Patience, CancellationToken.None));
            Assert.True(small.Close(out var missing));
            Assert.Empty(missing);
            Assert.Equal(["200000", "200000"], small.Sockets.AsEnumerable());
        }

        Assert.Equal((0, 0L), (requests.Count, requests.Bytes));
    }

    [Fact]
    public async Task QuestionOfAStoppedParticipant_WaitsForNobody()
    {
        var participant = await TestParticipant.StartAsync("stopped", new FaultyStreams(faults: 0));
        await participant.DisposeAsync();
        var request = new ServerSideEmitRequest();
        using var expected = participant.Participant.Requests.Add(request);

        await participant.Participant.Requests.WaitAsync(request, Timeout.InfiniteTimeSpan, CancellationToken.None).WaitAsync(Patience);
        Assert.False(request.Close(out _));
    }

    private static void Read(byte[] array, string nodeId, System.Collections.Immutable.ImmutableArray<string>.Builder sockets) =>
        sockets.Add($"{array.Length}");

    private static Envelope Answer(long requestId, int size) =>
        new() { Kind = EnvelopeKind.ServerSideEmitResponse, Namespace = "/", RequestId = requestId, Count = 1, Payload = new byte[size] };

    private static Envelope Part(long requestId, int size, bool isLast) => new()
    {
        Kind = EnvelopeKind.FetchSocketsResponse,
        Namespace = "/",
        RequestId = requestId,
        Count = isLast ? 0 : 1,
        Payload = new byte[size],
    };
}
