using System.Text.Json;

namespace OrleansRooms.SocketIO.Tests.Sockets;

public sealed class SocketDataTests
{
    private readonly SocketData _data = new(JsonSerializerOptions.Web);

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
        var data = new SocketData(JsonElement.Parse("""{"tags":["x","y"],"n":1}"""), JsonSerializerOptions.Web);

        Assert.Equal(["x", "y"], data.Get<string[]>("tags")!);
        Assert.Equal(1, data.Get<int>("n"));
    }
}
