using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Tests.Events;

public sealed class EventHandlersTests
{
    private readonly EventHandlers<List<string>> _handlers = new();

    [Fact]
    public async Task Take_GivesTheHandlersOfTheEventInTheOrderOfRegistration()
    {
        Add("b", "1");
        Add("a", "2");
        Add("b", "3");
        Add("c", "4");

        Assert.Equal(["1", "3"], await RunAsync("b"));
        Assert.Equal(["2"], await RunAsync("a"));
        Assert.Empty(await RunAsync("B"));
    }

    [Fact]
    public async Task Take_RemovesThoseThatWereForOneEventOnly()
    {
        Add("a", "once", once: true);
        Add("a", "always");
        Add("b", "once", once: true);

        Assert.Equal(["once", "always"], await RunAsync("a"));
        Assert.Equal(["always"], await RunAsync("a"));
        Assert.Equal(["once"], await RunAsync("b"));
        Assert.Empty(await RunAsync("b"));
    }

    [Fact]
    public async Task Dispose_OfARegistration_RemovesThatHandlerAlone()
    {
        Func<List<string>, ValueTask> same = heard =>
        {
            heard.Add("same");
            return default;
        };
        var first = _handlers.Add("a", same, once: false);
        _handlers.Add("a", same, once: false);
        var other = Add("b", "other");
        Add("c", "last");

        first.Dispose();
        first.Dispose();
        other.Dispose();

        Assert.Equal(["same"], await RunAsync("a"));
        Assert.Empty(await RunAsync("b"));
        Assert.Equal(["last"], await RunAsync("c"));
    }

    [Fact]
    public async Task Clear_RemovesOneEventOrAll()
    {
        for (var i = 0; i < 20; i++) Add($"event{i}", $"{i}");

        _handlers.Clear("event7");
        Assert.Empty(await RunAsync("event7"));
        Assert.Equal(["8"], await RunAsync("event8"));

        _handlers.Clear(null);
        Assert.Empty(await RunAsync("event8"));
        Add("event8", "again");
        Assert.Equal(["again"], await RunAsync("event8"));
    }

    private IDisposable Add(string eventName, string says, bool once = false) => _handlers.Add(
        eventName,
        heard =>
        {
            heard.Add(says);
            return default;
        },
        once);

    private async Task<List<string>> RunAsync(string eventName)
    {
        List<string> heard = [];
        foreach (var handler in _handlers.Take(eventName)) await handler.HandleAsync(heard);
        return heard;
    }
}
