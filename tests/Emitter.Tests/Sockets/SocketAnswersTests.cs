using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using OrleansRooms.Emitter.Sockets;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Emitter.Tests.Sockets;

public sealed class SocketAnswersTests
{
    [Fact]
    public void Answer_AsServersWriteIt_IsRead()
    {
        var socket = Assert.Single(
            Read("""[{"id":"a","handshake":{"auth":{"token":1}},"rooms":["a","r"],"data":{"name":"ada","n":7},"later":0}]"""));

        Assert.Equal(("a", "node-1"), (socket.Id, socket.Node));
        Assert.Equal(["a", "r"], socket.Rooms);
        Assert.Equal(1, socket.Handshake.GetProperty("auth").GetProperty("token").GetInt32());
        Assert.Equal(("ada", 7), (socket.GetData<string>("name"), socket.GetData<int>("n")));
        Assert.Null(socket.GetData<string>("unknown"));
        Assert.Throws<JsonException>(() => socket.GetData<int>("name"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[")]
    [InlineData("[{}]")]
    [InlineData("""[{"id":null,"handshake":{},"rooms":[],"data":{}}]""")]
    [InlineData("""[{"id":"a","handshake":{},"rooms":{},"data":{}}]""")]
    [InlineData("""[{"id":"a","handshake":{},"rooms":[1],"data":{}}]""")]
    public void Answer_ThatIsNone_IsRefusedAsJson(string answer) => Assert.ThrowsAny<JsonException>(() => Read(answer));

    [Fact]
    public void AnyBytes_AreReadOrRefusedAsJson() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            SocketAnswers.Read(bytes, "node-1", null!, new PacketSerializer(), ImmutableArray.CreateBuilder<EmitterSocket>());
        }
        catch (JsonException)
        {
            // As agreed with the request, which asks on without these sockets.
        }
    });

    private static ImmutableArray<EmitterSocket> Read(string answer)
    {
        var sockets = ImmutableArray.CreateBuilder<EmitterSocket>();
        SocketAnswers.Read(Encoding.UTF8.GetBytes(answer), "node-1", null!, new PacketSerializer(), sockets);
        return sockets.ToImmutable();
    }
}
