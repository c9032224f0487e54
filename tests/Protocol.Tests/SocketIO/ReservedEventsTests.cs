using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

public sealed class ReservedEventsTests
{
    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public void ThrowIfReserved_ReservedName_ThrowsWhatJavaScriptSays(string name)
    {
        Assert.True(ReservedEvents.Contains(name));
        var exception = Assert.Throws<ArgumentException>(() => ReservedEvents.ThrowIfReserved(name));
        Assert.Equal($"\"{name}\" is a reserved event name", exception.Message);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("message")]
    [InlineData("Connect")]
    [InlineData("connection")]
    [InlineData("")]
    public void ThrowIfReserved_OtherName_DoesNothing(string name)
    {
        Assert.False(ReservedEvents.Contains(name));
        ReservedEvents.ThrowIfReserved(name);
    }
}
