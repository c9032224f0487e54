using System.Net;
using System.Text;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.Conformance.Tests.Polling;

/// <summary>Long-polling on the wire (section B of the acceptance list), shown with Socket.IO packets.</summary>
public sealed class PollingTests(JsClientsFixture js) : ServerTests(js)
{
    [Fact]
    [Trait("Behaviour", "15")]
    public async Task Post_OnePacket_IsAnsweredOk()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        using var response = await polling.PostAsync("42[\"message\",\"hello\"]");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal("42[\"message-back\",\"hello\"]", await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "16")]
    public async Task Post_SeveralPackets_AreTakenInOrder()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        await polling.SendAsync("42[\"message\",1]", "42[\"message\",2]", "42[\"message\",3]");

        Assert.Equal("42[\"message-back\",1]", await polling.NextAsync());
        Assert.Equal("42[\"message-back\",2]", await polling.NextAsync());
        Assert.Equal("42[\"message-back\",3]", await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "17")]
    public async Task Post_Binary_TravelsAsBase64()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        await polling.SendAsync("451-[\"message\",{\"_placeholder\":true,\"num\":0}]", "bAQIDBA==");

        Assert.Equal("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]", await polling.NextAsync());
        Assert.Equal("bAQIDBA==", await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "18")]
    public async Task Post_NoPacket_EndsTheSession()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        using var response = await polling.PostAsync("abc");

        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfNextPollAsync(polling));
    }

    [Fact]
    [Trait("Behaviour", "19")]
    public async Task Get_WhileAnotherWaits_EndsTheSession()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        // Which of the two the server reads first is its own business: one is told to close, the other is refused.
        var both = await Task.WhenAll(polling.GetAsync(), polling.GetAsync());
        var answers = await Task.WhenAll(
            both.Select(async response => ((int)response.StatusCode, await response.Content.ReadAsStringAsync())));

        Assert.Equal([(200, "1"), (400, "")], answers.Order());
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfNextPollAsync(polling));
    }

    [Fact]
    [Trait("Behaviour", "20")]
    public async Task Post_OctetStream_EndsTheSession()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);

        using var response = await polling.PostAsync("42[\"message\"]", "application/octet-stream");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfNextPollAsync(polling));
    }

    [Fact]
    [Trait("Behaviour", "21")]
    public async Task Post_AtTheLimit_IsTakenAndOneByteMoreIsNot()
    {
        const int limit = 1000;
        var server = await StartAsync(SuiteServer.ConfigureEcho, options => options.MaxHttpBufferSize = limit);
        using var polling = await JoinAsync(server.Address);
        var atLimit = Message(limit);

        using var tooLong = await polling.PostAsync(Message(limit + 1));
        using var accepted = await polling.PostAsync(atLimit);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(atLimit.Replace("message", "message-back", StringComparison.Ordinal), await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "22")]
    public async Task Post_ChunkedOneByteAtATime_IsDecoded()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        using var http = server.CreateHttpClient();
        using var content = new OneByteChunks("42[\"message\",\"€🙂ü\"]");

        using var response = await http.PostAsync(polling.SessionUrl, content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("42[\"message-back\",\"€🙂ü\"]", await polling.NextAsync());
    }

    [Fact]
    [Trait("Behaviour", "23")]
    public async Task Post_ClosePacket_ReleasesTheWaitingGetAndEndsTheSession()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        using var polling = await JoinAsync(server.Address);
        var get = polling.GetAsync();

        using var post = await polling.PostAsync("1");
        using var released = await get;

        Assert.Equal("ok", await post.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfNextPollAsync(polling));
        // The poll may have reached the server after the close.
        Assert.True(
            released.StatusCode == HttpStatusCode.BadRequest || await released.Content.ReadAsStringAsync() == "6",
            $"{released.StatusCode}");
    }

    [Fact]
    [Trait("Behaviour", "24")]
    public async Task Get_Aborted_EndsTheSession()
    {
        var reason = new TaskCompletionSource<string>();
        var server = await StartAsync(io => io.OnConnection(
            socket => socket.OnDisconnect(r => reason.SetResult(r.ToProtocolString()))));
        using var polling = await JoinAsync(server.Address);
        using var abort = new CancellationTokenSource();
        var get = polling.GetAsync(abort.Token);
        // An answered POST shows that the poll before it on its own connection has had the time to arrive.
        await polling.SendAsync("42[\"anything\"]");

        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        Assert.Equal("transport error", await reason.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [Trait("Behaviour", "25")]
    [InlineData(2000, "gzip, deflate", true, "gzip")]
    [InlineData(2000, "deflate", true, "deflate")]
    [InlineData(2000, "", true, null)]
    [InlineData(100, "gzip, deflate", true, null)]
    [InlineData(2000, "gzip, deflate", false, null)]
    public async Task Get_LongAnswer_IsCompressed(int length, string accepted, bool enabled, string? expected)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho, options => options.HttpCompression = enabled ? new() : null);
        using var polling = await JoinAsync(server.Address);
        await polling.SendAsync($"42[\"message\",\"{new string('x', length)}\"]");
        using var http = server.CreateHttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, polling.SessionUrl);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
    }

    [Fact]
    [Trait("Behaviour", "25")]
    public async Task Get_AnswerThatMustNotBeCompressed_IsPlain()
    {
        var server = await StartAsync(io => io.OnConnection(
            socket => socket.On("long", _ => socket.Compress(false).EmitAsync("long", new string('x', 2000)))));
        using var polling = await JoinAsync(server.Address);
        await polling.SendAsync("42[\"long\"]");
        using var http = server.CreateHttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using var response = await http.GetAsync(polling.SessionUrl);

        Assert.Contains("xxxx", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    [Trait("Behaviour", "26")]
    public async Task Client_LimitedToPolling_ExchangesLargeTextAndBinary()
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options("polling"));
        var text = string.Concat(Enumerable.Repeat("0123456789abcdé🙂", 40_000));
        var bytes = new byte[700_000];
        new Random(26).NextBytes(bytes);

        await client.EmitAsync("message", text);
        await client.EmitAsync("message", bytes);

        Assert.Equal(text, (await client.NextAsync("message-back")).Get<string>());
        Assert.Equal(bytes, (await client.NextAsync("message-back")).Get<byte[]>());
    }

    [Fact]
    [Trait("Behaviour", "26")]
    public async Task Client_LimitedToPolling_SplitsManyEventsAndAllArriveInOrder()
    {
        const int count = 300;
        var server = await StartAsync(SuiteServer.ConfigureEcho, options => options.MaxHttpBufferSize = 10_000);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options("polling"));

        await client.RunAsync(
            "(socket, count) => { for (let i = 0; i < count; i++) socket.emit('message', i, 'x'.repeat(500)); }", count);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, (await client.NextAsync("message-back")).Get<int>());
        }
    }

    private static async Task<RawPolling> JoinAsync(Uri server)
    {
        var polling = await RawPolling.OpenAsync(server);
        await polling.SendAsync("40");
        Assert.StartsWith("40{\"sid\":", await polling.NextAsync(), StringComparison.Ordinal);
        return polling;
    }

    private static async Task<HttpStatusCode> StatusOfNextPollAsync(RawPolling polling)
    {
        using var response = await polling.GetAsync();
        return response.StatusCode;
    }

    private static string Message(int length)
    {
        const string frame = "42[\"message\",\"\"]";
        return frame.Insert(frame.Length - 2, new string('x', length - frame.Length));
    }

    private sealed class OneByteChunks(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var one in Encoding.UTF8.GetBytes(text))
            {
                await stream.WriteAsync(new[] { one });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
