using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Requests;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>What is more than one message of Orleans carries is never sent: it would take the connection down, again and again.</summary>
public sealed class LargeMessageTests
{
    private const int TooMuch = (16 * 1024 * 1024) + 1;

    [Fact]
    public async Task WhatIsSent_IsRefusedToTheSender_AndItsRequestIsForgotten()
    {
        await using var a = await TestParticipant.StartAsync("a", new FaultyStreams(faults: 0));
        var request = new JoinRequest();
        a.Participant.Requests.Add(request);
        using var publisher = a.Participant.OpenPublisher("/chat");

        var envelope =
            new Envelope { Kind = EnvelopeKind.SocketsJoin, Namespace = "/chat", Payload = new byte[TooMuch], RequestId = request.Id };

        var refusal = Assert.Throws<InvalidOperationException>(() =>
        {
            _ = publisher.Send(new OutboundMessage(envelope, request: request));
        });
        Assert.Contains("/chat", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("MaxMessageBytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, a.Participant.Requests.Count);
        Assert.True(publisher.IsEmpty);
    }

    [Fact]
    public async Task Answer_IsReplacedByNone_AndWhatComesBehindArrives()
    {
        var streams = new FaultyStreams(faults: 0);
        await using var a = await TestParticipant.StartAsync("a", streams);
        await using var b = await TestParticipant.StartAsync("b", streams);
        a.Participant.Addresses.Learn(b.Participant.OwnAddress!);
        a.Participant.Links.Send(b.Identity, Named("too large", TooMuch));
        a.Participant.Links.Send(b.Identity, Named("behind", 0));

        Assert.Equal(["too large", "behind"], await b.WaitAsync(a, 2));
        Assert.InRange(streams.Sent.Batches, 1, 2);
    }

    private static Envelope Named(string text, int size) =>
        new() { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [text], Payload = new byte[size] };
}
