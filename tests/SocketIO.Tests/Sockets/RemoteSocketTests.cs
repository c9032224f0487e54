using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests.Sockets;

/// <summary>What a server makes of the answers that its adapter brings from other servers, for which a stand-in answers.</summary>
public sealed class RemoteSocketTests
{
    private readonly TestServer _server;
    private BroadcastOptions? _asked;
    private Packet? _answer;
    private BroadcastAckResult _result = new(1, 1, []);
    private ServerSideEmitResult _responses = new([], []);

    public RemoteSocketTests() => _server = new TestServer(adapters: new StandInAdapters { Answer = Answer });

    [Fact]
    public async Task EmitWithAck_AnsweredElsewhere_YieldsTheAnswer()
    {
        _answer = Ack("[7]");
        Assert.Equal(7, await (await RemoteAsync()).EmitWithAckAsync<int>("ask"));
    }

    [Fact]
    public async Task EmitWithAck_WithoutTimeout_WaitsAsLongAsForALocalSocket()
    {
        _answer = Ack("[7]");
        var socket = await RemoteAsync();
        await socket.EmitWithAckAsync<int>("ask");
        Assert.Equal(Timeout.InfiniteTimeSpan, _asked!.Timeout);

        await socket.Timeout(TimeSpan.FromSeconds(3)).EmitWithAckAsync<int>("ask");
        Assert.Equal(TimeSpan.FromSeconds(3), _asked!.Timeout);
    }

    [Fact]
    public async Task EmitWithAck_ToASocketThatIsGone_SaysSo()
    {
        _result = new(0, 0, []);
        var thrown = await Assert.ThrowsAsync<SocketDisconnectedException>(
            async () => await (await RemoteAsync()).EmitWithAckAsync<int>("ask"));
        Assert.Equal("far", thrown.SocketId);
    }

    [Fact]
    public async Task EmitWithAck_ToASocketThatLeavesUnanswered_SaysSo()
    {
        _result = new(1, 0, []) { Gone = 1 };
        await Assert.ThrowsAsync<SocketDisconnectedException>(async () => await (await RemoteAsync()).EmitWithAckAsync<int>("ask"));
    }

    [Theory]
    [InlineData(1, 0, "")]
    [InlineData(0, 0, "other")]
    public async Task EmitWithAck_NotAnsweredInTime_TimesOut(int expected, int received, string missing)
    {
        _result = new(expected, received, missing.Length > 0 ? [missing] : []);
        await Assert.ThrowsAsync<SocketIOTimeoutException>(async () => await (await RemoteAsync()).EmitWithAckAsync<int>("ask"));
    }

    [Fact]
    public async Task ServerSideEmit_WithOneAnswerOfAnotherKind_GivesTheOthersAndNamesItsServer()
    {
        _responses = new([Ack("[1]"), Ack("""["no number"]"""), Ack("[3]")], ["silent"]) { RespondingNodes = ["a", "b", "c"] };
        var thrown = await Assert.ThrowsAsync<ServerSideEmitException<int>>(() => _server.Io.ServerSideEmitWithAckAsync<int>("ask"));

        Assert.Equal([1, 3], thrown.Responses);
        Assert.Equal(["silent", "b"], thrown.MissingNodes);
        Assert.IsType<EventArgumentException>(thrown.InnerException);
    }

    private async Task<IRemoteSocket> RemoteAsync() => Assert.Single(await _server.Io.FetchSocketsAsync());

    private static Packet Ack(string json) =>
        new() { Type = PacketType.Ack, Namespace = "/", AckId = 0, Payload = Encoding.UTF8.GetBytes(json) };

    private object? Answer(string method, object?[] args)
    {
        switch (method)
        {
            case nameof(IAdapter.FetchSocketsAsync):
                return new ValueTask<FetchSocketsResult>(new FetchSocketsResult([Far], []));
            case nameof(IAdapter.BroadcastWithAckAsync):
                _asked = (BroadcastOptions)args[1]!;
                if (_answer is not null) ((Action<Packet>)args[2]!)(_answer);
                return new ValueTask<BroadcastAckResult>(_result);
            case nameof(IAdapter.ServerSideEmitWithAckAsync):
                return new ValueTask<ServerSideEmitResult>(_responses);
            default:
                return null;
        }
    }

    private static SocketDescription Far => new()
    {
        Id = "far",
        Handshake = JsonElement.Parse(
            """{"headers":{},"query":{},"auth":{},"time":"","issued":0,"url":"","address":"","xdomain":false,"secure":false}"""),
        Rooms = ["far"],
        Data = JsonElement.Parse("{}"),
        Node = "other",
    };
}
