using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO.Requests;

namespace OrleansRooms.EngineIO.Tests.Requests;

public sealed class ProtocolQueryTests
{
    [Theory]
    [InlineData("?EIO=4&transport=polling&sid=a_B-1&t=xyz", "4", "polling", "a_B-1")]
    [InlineData("?transport=websocket&eio=4", null, "websocket", null)]
    [InlineData("?EIO=4&transport=polling&Eio=3&Transport=bus&SID=7&Sid=8", "4", "polling", null)]
    [InlineData("?%45IO=%34&transport=web%73ocket&sid=", "4", "websocket", null)]
    [InlineData("?sid", null, null, null)]
    [InlineData("?EIO=3&EIO=4&transport=polling&transport=websocket&sid=a&sid=b", "4", "websocket", "b")]
    [InlineData("?transport=websocket&EIO=4&transport=websocket&EIO=4", "4", "websocket", null)]
    [InlineData("?sid=a&sid=", null, null, null)]
    [InlineData("?EIO=3&transport=carrier+pigeon&&=&x", "3", "carrier pigeon", null)]
    [InlineData("?", null, null, null)]
    [InlineData("", null, null, null)]
    public void Read_GivesEachParameterAsItWasSent(string query, string? revision, string? transport, string? sessionId)
    {
        var read = ProtocolQuery.Read(new QueryString(query));

        Assert.Equal((revision, transport, sessionId), (read.Revision, read.Transport, read.SessionId));
    }

    [Theory]
    [InlineData("?b64=1", true, false)]
    [InlineData("?b64=0&j=2", false, true)]
    [InlineData("?b64=1&b64=1", true, false)]
    [InlineData("?b64=1&b64=", false, false)]
    [InlineData("?B64=1&J=2", false, false)]
    [InlineData("?j", false, true)]
    public void Read_TellsTheSwitches(string query, bool isTextOnly, bool isJsonp)
    {
        var read = ProtocolQuery.Read(new QueryString(query));

        Assert.Equal((isTextOnly, isJsonp), (read.IsTextOnly, read.IsJsonp));
    }
}
