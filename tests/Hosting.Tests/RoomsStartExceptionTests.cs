namespace OrleansRooms.Hosting.Tests;

public sealed class RoomsStartExceptionTests
{
    [Fact]
    public void Text_HasTheSentenceAndEveryReasonOnce_AndNoStack()
    {
        var exception = Assert.Throws<RoomsStartException>((Action)(() => throw new RoomsStartException(
            "No server answers; start it.", new InvalidOperationException(
                "Cannot connect.", new TimeoutException("Cannot connect.", new IOException("Refused."))))));

        Assert.Equal("No server answers; start it. (Cannot connect. Refused.)", exception.ToString());
        Assert.Equal("No server answers; start it.", new RoomsStartException("No server answers; start it.").ToString());
    }
}
