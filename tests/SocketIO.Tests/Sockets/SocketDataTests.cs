using System.Text;
using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Tests.Sockets;

public sealed class SocketDataTests
{
    private readonly SocketData _data = new(new PacketSerializer());

    [Fact]
    public void Values_AreFoundByName_AndReplaced()
    {
        _data.Set("name", "alice");
        _data["age"] = 42;
        _data.Set("name", "bob");

        Assert.Equal("bob", _data.Get<string>("name"));
        Assert.Equal(42, _data["age"]);
        Assert.Equal(0, _data.Get<int>("Age"));
        Assert.Equal(2, _data.Count);
        Assert.Equal(["name", "age"], _data.Select(value => value.Key));
    }

    [Fact]
    public void Remove_TellsWhetherThereWasOne()
    {
        _data.Set("a", 1);
        _data.Set("b", 2);

        Assert.True(_data.Remove("a"));
        Assert.False(_data.Remove("a"));
        Assert.False(_data.TryGet<int>("a", out _));
        Assert.Equal(2, _data.Get<int>("b"));
    }

    [Fact]
    public void Get_OfAnotherType_Throws_AndOfNull_GivesTheDefault()
    {
        _data.Set("a", "text");
        _data.Set<string?>("null", null);

        Assert.Throws<InvalidCastException>(() => _data.Get<int>("a"));
        Assert.Null(_data.Get<string>("null"));
        Assert.Equal(2, _data.Count);
    }

    [Fact]
    public async Task Set_FromManyThreads_LosesNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _data.Set($"{thread}:{i}", i);
                if (i % 2 == 1) Assert.True(_data.Remove($"{thread}:{i - 1}"));
            }
        })));

        Assert.Equal(4 * 50, _data.Count);
        Assert.All(_data, value => Assert.Equal(1, (int)value.Value! % 2));
    }

    [Fact]
    public void ValuesOfAnotherServer_AreConverted()
    {
        var data = Read("""{"tags":["x","y"],"n":1,"half":"\ud83d","\udc00":2}""");

        Assert.Equal(["x", "y"], data.Get<string[]>("tags")!);
        Assert.Equal(1, data.Get<int>("n"));
        Assert.Equal("\ud83d", data.Get<string>("half"));
        Assert.Equal(2, data.Get<int>("\udc00"));
    }

    [Fact]
    public void BytesOfAnotherServer_AreBytes()
    {
        var data = Read("""{"a":{"_placeholder":true,"num":1},"b":{"c":[{"_placeholder":true,"num":0}]},"n":1}""", [1], [2]);

        Assert.Equal(new byte[] { 2 }, Assert.IsType<byte[]>(data["a"]));
        Assert.Equal([2], data.Get<byte[]>("a")!);
        Assert.Equal([1], Assert.Single(data.Get<Dictionary<string, byte[][]>>("b")!["c"]));
        Assert.Equal(1, data.Get<int>("n"));

        var sent = new PacketSerializer().Event("/", "e", [data["b"], data]);
        Assert.Equal(
            """["e",{"c":[{"_placeholder":true,"num":0}]},{"a":{"_placeholder":true,"num":1}"""
            + ""","b":{"c":[{"_placeholder":true,"num":2}]},"n":1}]""",
            Encoding.UTF8.GetString(sent.Payload.Span));
        Assert.Equal([1, 2, 1], sent.Attachments.Select(bytes => (int)bytes.Span[0]));
    }

    private static SocketData Read(string json, params byte[][] attachments) => SocketDataJson.Read(
        new SocketDescription
        {
            Id = "id",
            Handshake = SocketDataJson.Empty,
            Rooms = [],
            Data = JsonElement.Parse(json),
            Attachments = Array.ConvertAll(attachments, bytes => (ReadOnlyMemory<byte>)bytes),
        },
        new PacketSerializer());
}
