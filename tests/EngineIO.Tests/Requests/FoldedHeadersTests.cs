using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OrleansRooms.EngineIO.Tests.Requests;

public sealed class FoldedHeadersTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Unfold_GivesBackWhatTheClientSaid(int length)
    {
        var headers = new HeaderDictionary
        {
            ["Long"] = new string('a', length),
            ["Name"] = new string('\u00e9', length),
            ["Several"] = new StringValues(["one", "two"]),
            ["Empty"] = StringValues.Empty,
        };

        var unfolded = new FoldedHeaders(headers).Unfold();

        Assert.Equal(headers["Long"], unfolded["long"]);
        Assert.Equal(headers["Name"], unfolded["Name"]);
        Assert.Equal(headers["Several"], unfolded["Several"]);
        Assert.Equal(headers["Empty"], unfolded["Empty"]);
    }
}
