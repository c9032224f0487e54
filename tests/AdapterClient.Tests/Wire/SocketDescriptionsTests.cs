using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Wire;

public sealed class SocketDescriptionsTests
{
    [Fact]
    public void Write_OneSocket_IsTheAgreedJson()
    {
        var part = Assert.Single(Write([Describe("id\"1", """{"a":[1,"\u00e9"]}""")]));

        Assert.Equal(
            """[{"id":"id\"1","handshake":{"auth":{}},"rooms":["id\"1","r"],"data":{"a":[1,"é"]}}]""",
            Encoding.UTF8.GetString(part));
    }

    [Fact]
    public void Write_Nobody_IsOneEmptyPart() => Assert.Equal("[]"u8.ToArray(), Assert.Single(Write([])));

    [Fact]
    public void Write_MoreThanAPart_IsReadBackWhole()
    {
        var large = $"\"{new string('x', SocketDescriptions.PartSize / 4)}\"";
        ImmutableArray<SocketDescription> sockets = [.. Enumerable.Range(0, 10).Select(i => Describe($"s{i}", large))];
        var parts = Write(sockets);
        var read = ImmutableArray.CreateBuilder<SocketDescription>();
        foreach (var part in parts) SocketDescriptions.Read(part, "node", read);

        Assert.Equal(3, parts.Count);
        Assert.Equal(sockets.Select(s => s.Id), read.Select(s => s.Id));
        Assert.All(read, socket => Assert.Equal("node", socket.Node));
        Assert.All(read, socket => Assert.Equal([socket.Id, "r"], socket.Rooms.AsEnumerable()));
        Assert.All(read, socket => Assert.Equal(large, socket.Data.GetRawText()));
    }

    [Fact]
    public void Read_DeeplyNestedData_IsAccepted()
    {
        var deep = new string('[', 200) + new string(']', 200);
        var read = ImmutableArray.CreateBuilder<SocketDescription>();
        SocketDescriptions.Read(Write([Describe("s", deep)])[0], "node", read);
        Assert.Equal(deep, Assert.Single(read).Data.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"id":null,"handshake":{},"rooms":[],"data":1}]""")]
    [InlineData("""[{"id":"a","rooms":[],"data":1}]""")]
    [InlineData("""[{"id":"a","handshake":{},"rooms":{},"data":1}]""")]
    [InlineData("""[{"id":"a","handshake":{},"rooms":[7],"data":1}]""")]
    public void Read_AnythingElse_Throws(string json) => Assert.ThrowsAny<JsonException>(
        () => SocketDescriptions.Read(Encoding.UTF8.GetBytes(json), "node", ImmutableArray.CreateBuilder<SocketDescription>()));

    private static List<byte[]> Write(ImmutableArray<SocketDescription> sockets)
    {
        var arrays = new List<byte[]>();
        var each = sockets.AsEnumerable().GetEnumerator();
        var isMore = each.MoveNext();
        do
        {
            arrays.Add(SocketDescriptions.WriteNext(each, ref isMore).ToArray());
        }
        while (isMore);

        return arrays;
    }

    private static SocketDescription Describe(string id, string data) => new()
    {
        Id = id,
        Handshake = JsonElement.Parse("""{"auth":{}}"""),
        Rooms = [id, "r"],
        Data = JsonElement.Parse(data, new JsonDocumentOptions { MaxDepth = 1000 }),
    };
}
