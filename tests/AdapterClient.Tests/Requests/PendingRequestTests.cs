using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Requests;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Requests;

public sealed class PendingRequestTests
{
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
        request.OnResponse(B, Answer("[1]"));
        request.OnResponse(B, Answer("[2]"));
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(new NodeIdentity("stranger", 1), Answer("[3]"));
        request.OnResponse(C, new Envelope { Kind = EnvelopeKind.ServerSideEmitResponse, Namespace = "/", Count = 0 });

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
        request.OnResponse(B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Flags = EnvelopeFlags.Failed });

        Assert.True(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Equal(["b"], missing.AsEnumerable());
    }

    [Fact]
    public void FetchedParts_CompleteItWithTheLast()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(B, Part("one", remaining: 1));
        Assert.False(request.Completed.IsCompleted);
        request.OnResponse(B, Part("two", remaining: 0));

        Assert.True(request.Completed.IsCompleted);
        Assert.Equal([("one", "b"), ("two", "b")], request.Sockets.Select(socket => (socket.Id, socket.Node!)));
    }

    [Fact]
    public void FetchedRubbish_LeavesTheNodeMissing()
    {
        var request = new FetchRequest<SocketDescription>(SocketDescriptions.Read);
        request.OnRouted([B]);
        request.OnResponse(B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Payload = "{nonsense"u8.ToArray() });
        request.OnResponse(B, new Envelope { Kind = EnvelopeKind.FetchSocketsResponse, Namespace = "/", Payload = "[{}]"u8.ToArray() });

        Assert.False(request.Completed.IsCompleted);
        request.Close(out var missing);
        Assert.Equal(["b"], missing.AsEnumerable());
    }

    [Fact]
    public void Acks_ComeInAnyOrderWithTheirCounts()
    {
        var acks = new List<string>();
        var request = new BroadcastAckRequest(ack => acks.Add(Packets.Text(ack)));
        request.AddLocal(Packets.Ack("[0]"));
        request.OnRouted([B, C]);
        request.OnResponse(B, Ack("[1]"));
        request.OnResponse(B, Count(2));
        request.OnResponse(B, Gone());
        request.OnResponse(C, Count(0));
        Assert.False(request.Completed.IsCompleted);
        request.ExpectLocal(1);

        Assert.True(request.Completed.IsCompleted);
        Assert.Equal(["[0]", "[1]"], acks);
        Assert.Equal((3, 2), (request.Expected, request.Received));
    }

    [Fact]
    public void Acks_AfterItWasClosed_AreIgnored()
    {
        var acks = new List<string>();
        var request = new BroadcastAckRequest(ack => acks.Add(Packets.Text(ack)));
        request.ExpectLocal(1);
        request.OnRouted([B]);
        request.OnResponse(B, Count(1));
        request.Close(out var missing);
        request.OnResponse(B, Ack("[1]"));
        request.AddLocal(Packets.Ack("[0]"));

        // It said how many it asked, so it is not missing: its socket is.
        Assert.Empty(missing);
        Assert.Empty(acks);
        Assert.Equal((2, 0), (request.Expected, request.Received));
    }

    [Fact]
    public void Acks_NodeThatDiesHalfway_TakesItsUnansweredSocketsWithIt()
    {
        var request = new BroadcastAckRequest(_ => { });
        request.ExpectLocal(0);
        request.OnRouted([B, C]);
        request.OnResponse(B, Count(2));
        request.OnResponse(B, Ack("[1]"));
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
        new() { Kind = EnvelopeKind.ServerSideEmitResponse, Namespace = "/", Count = 1, Payload = System.Text.Encoding.UTF8.GetBytes(json) };

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
