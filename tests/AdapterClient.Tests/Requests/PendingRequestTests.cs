using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Requests;

public sealed class PendingRequestTests
{
    private const int Size = 100;

    private static readonly NodeIdentity B = new("b", 1);
    private static readonly NodeIdentity C = new("c", 1);

    [Fact]
    public void Routed_ToNobody_IsComplete()
    {
        var request = new ServerSideEmitRequest();
        Assert.False(request.Completed.IsCompleted);
        request.OnRouted([]);

        Assert.True(request.Completed.IsCompleted);
        Assert.True(request.Close(out var missing));
        Assert.Empty(missing);
    }

    [Fact]
    public void Close_BeforeTheNodesAreKnown_SaysSo()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        Assert.False(request.Close(out _));
    }

    [Fact]
    public void Responses_OfEveryNode_CompleteIt()
    {
        var request = new ServerSideEmitRequest();
        request.OnRouted([B, C]);
        request.OnResponse(B, Answer("[1]"), Size);
        request.OnResponse(B, Answer("[2]"), Size);
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(new NodeIdentity("stranger", 1), Answer("[3]"), Size);
        request.OnResponse(C, new Envelope { Kind = EnvelopeKind.ServerSideEmitResponse, Namespace = "/", Count = 0 }, Size);

        Assert.True(request.Completed.IsCompleted);
        Assert.Equal(["[1]"], request.Responses.Select(Packets.Text));
    }

    [Fact]
    public void DepartedNode_OwesNothingAndIsNotMissing()
    {
        var request = new ServerSideEmitRequest();
        request.OnRouted([B, C]);
        request.OnDeparted(B);
        Assert.False(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Equal(["c"], missing.AsEnumerable());

        request.OnDeparted(C);
        Assert.True(request.Completed.IsCompleted);
    }

    [Fact]
    public void DepartedFormerRun_StillOwesByItsNewOne()
    {
        var request = new ServerSideEmitRequest();
        request.OnRouted([new NodeIdentity("b", 2)]);
        request.OnDeparted(B);
        Assert.False(request.Completed.IsCompleted);
    }

    [Fact]
    public void FailedNode_CompletesItAndIsMissing()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(
            B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Flags = EnvelopeFlags.Failed }, Size);

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Equal(["b"], missing.AsEnumerable());
    }

    [Fact]
    public void FetchedParts_CompleteItWithTheLast()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(B, Part("one", remaining: 1), Size);
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(B, Part("two", remaining: 0), Size);

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Empty(missing);
        Assert.Equal([("one", "b"), ("two", "b")], request.Sockets.Select(socket => (socket.Id, socket.Node!)));
    }

    [Fact]
    public void FetchedPieces_OfSeveralNodes_ArePutTogether()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B, C]);
        var (first, second) = (Part("one", remaining: 0), Part("two", remaining: 0));
        for (var i = 0; i < first.Payload.Length; i++)
        {
            request.OnResponse(B, Piece(first, i), Size);
            request.OnResponse(C, Piece(second, i), Size);
        }

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Empty(missing);
        Assert.Equal([("one", "b"), ("two", "c")], request.Sockets.Select(socket => (socket.Id, socket.Node!)).Order());

        static Envelope Piece(Envelope part, int i) => part with
        {
            Payload = [part.Payload[i]],
            Count = i < part.Payload.Length - 1 ? 1 : 0,
            Flags = i < part.Payload.Length - 1 ? EnvelopeFlags.Continues : EnvelopeFlags.None,
        };
    }

    [Fact]
    public void FetchedHalf_OfANodeThatDies_IsNothing()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B, C]);
        request.OnResponse(B, Part("one", remaining: 1), Size);
        request.OnResponse(C, Part("two", remaining: 0), Size);
        request.OnDeparted(B);

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Empty(missing);
        Assert.Equal("two", Assert.Single(request.Sockets).Id);
    }

    [Fact]
    public void FetchedRubbish_LeavesTheNodeMissing()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(
            B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Payload = "{nonsense"u8.ToArray() }, Size);
        request.OnResponse(
            B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Payload = "[{}]"u8.ToArray() }, Size);

        // It is read by who asked, and not where it comes in.
        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Equal(["b"], missing.AsEnumerable());
    }

    [Fact]
    public void Acks_ComeInAnyOrderWithTheirCounts()
    {
        var acks = new List<string>();
        var request = new BroadcastAckRequest(ack => acks.Add(Packets.Text(ack)));
        request.OnRouted([B, C]);
        request.OnResponse(B, Ack("[1]"), Size);
        request.OnResponse(B, Count(2), Size);
        request.OnResponse(B, Gone(), Size);
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(C, Count(0), Size);

        Assert.True(request.Completed.IsCompleted);
        Assert.Equal(["[1]"], acks);
        Assert.Equal((2, 1, 1), (request.Expected, request.Received, request.Gone));
    }

    [Fact]
    public void Ack_ThatCouldNotBeCarried_IsNotWaitedForAndTheOthersCome()
    {
        var acks = new List<string>();
        var request = new BroadcastAckRequest(ack => acks.Add(Packets.Text(ack)));
        request.OnRouted([B]);
        request.OnResponse(B, Count(2), Size);
        request.OnResponse(B, Ack("[1]") with { Payload = [], Flags = EnvelopeFlags.Failed }, Size);
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(B, Ack("[2]"), Size);

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Empty(missing);
        Assert.Equal(["[2]"], acks);
        Assert.Equal((2, 1, 0), (request.Expected, request.Received, request.Gone));
    }

    [Fact]
    public void Ack_ThatWhoAskedCannotTake_IsHisTroubleAndNobodyElses()
    {
        var request = new BroadcastAckRequest(_ => throw new FormatException("No ticket."));
        request.OnRouted([B]);
        request.OnResponse(B, Count(2), Size);
        request.OnResponse(B, Ack("[1]"), Size);
        request.OnResponse(B, Ack("[2]"), Size);

        Assert.True(request.Completed.IsCompleted);
        Assert.IsType<FormatException>(request.Failure);
        Assert.Equal((2, 2), (request.Expected, request.Received));
    }

    [Fact]
    public void AnswersThatTakeTooMuch_AreLetGoOf()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(B, Part("one", remaining: 1), Size);
        request.OnResponse(B, Part("two", remaining: 1), Size);

        Assert.Equal(2 * Size, request.Bytes);
        Assert.Equal(2 * Size, request.GiveUp());
        Assert.True(request.Completed.IsCompleted);
        Assert.True(request.IsTooLarge);
        Assert.False(request.OnResponse(B, Part("three", remaining: 0), Size));
        Assert.Equal(0, request.Forget());
        Assert.Empty(request.Sockets);
    }

    [Fact]
    public void Acks_AfterItWasClosed_AreIgnored()
    {
        var acks = new List<string>();
        var request = new BroadcastAckRequest(ack => acks.Add(Packets.Text(ack)));
        request.OnRouted([B]);
        request.OnResponse(B, Count(1), Size);
        request.Close(out var missing);
        request.OnResponse(B, Ack("[1]"), Size);

        // It said how many it asked, so it is not missing: its socket is.
        Assert.Empty(missing);
        Assert.Empty(acks);
        Assert.Equal((1, 0), (request.Expected, request.Received));
    }

    [Fact]
    public void Acks_NodeThatDiesHalfway_TakesItsUnansweredSocketsWithIt()
    {
        var request = new BroadcastAckRequest(_ => { });
        request.OnRouted([B, C]);
        request.OnResponse(B, Count(2), Size);
        request.OnResponse(B, Ack("[1]"), Size);
        request.OnDeparted(B);
        request.OnDeparted(C);

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Empty(missing);
        Assert.Equal((1, 1), (request.Expected, request.Received));
    }

    [Fact]
    public void Refused_LetsNobodyWait()
    {
        var request = new JoinRequest();
        request.Refuse();
        Assert.True(request.Completed.IsCompleted);
        Assert.False(request.Close(out _));
    }

    private static Envelope Answer(string json) =>
        new()
        {
            Kind = EnvelopeKind.ServerSideEmitResponse,
            Namespace = "/",
            Count = 1,
            Payload = System.Text.Encoding.UTF8.GetBytes(json),
        };

    private static Envelope Part(string id, int remaining) => new()
    {
        Kind = EnvelopeKind.FetchSocketsResponse,
        Namespace = "/",
        Count = remaining,
        Payload = System.Text.Encoding.UTF8.GetBytes($$"""[{"id":"{{id}}","handshake":{},"rooms":["r"],"data":null,"later":1}]"""),
    };

    private static Envelope Count(int sockets) => new() { Kind = EnvelopeKind.BroadcastAckCount, Namespace = "/", Count = sockets };

    private static Envelope Ack(string json) =>
        new() { Kind = EnvelopeKind.BroadcastAck, Namespace = "/", Count = 1, Payload = System.Text.Encoding.UTF8.GetBytes(json) };

    private static Envelope Gone() => new() { Kind = EnvelopeKind.BroadcastAck, Namespace = "/", Count = 0 };
}
