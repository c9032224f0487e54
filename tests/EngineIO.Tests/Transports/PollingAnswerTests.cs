using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansRooms.EngineIO.Tests.Hosting;
using OrleansRooms.TestKit.Wire;

namespace OrleansRooms.EngineIO.Tests.Transports;

/// <summary>Clients that close their connection at a certain byte of an answer to a GET. Node.js clients close each at its last.</summary>
public sealed class PollingAnswerTests
{
    [Theory]
    [Trait("Behaviour", "26")]
    [InlineData(1, 10, null)]
    [InlineData(1, 200_000, null)]
    [InlineData(3, 40_000, null)]
    [InlineData(3, 40_000, "gzip")]
    public async Task Client_ClosingAtTheLastByte_KeepsItsSession(int packets, int length, string? encoding)
    {
        await using var host = await EngineHost.StartAsync(pipeline: app => app.Use(CloseAtByte(bytes => bytes)));
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        for (var i = 0; i < packets; i++) session.Send(new string('x', length));

        using var request = new HttpRequestMessage(HttpMethod.Get, client.SessionUrl);
        if (encoding is not null) request.Headers.Add("Accept-Encoding", encoding);
        using var answer = await host.Http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();

        await client.SendAsync("4still here");
        Assert.Equal("4still here", await client.NextAsync());
        Assert.False(session.HasClosed);
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
    }

    [Fact]
    public async Task Client_ClosingBeforeTheLastPacket_LosesItsSession()
    {
        await using var host = await EngineHost.StartAsync(pipeline: app => app.Use(CloseAtByte(_ => 1)));
        using var client = await RawPolling.OpenAsync(host.Address);
        var session = await host.NextSessionAsync();
        session.Send(new string('x', 40_000));
        session.Send("the last");

        using var answer = await client.GetAsync();

        Assert.Equal((CloseReason.TransportError, "the connection broke while packets were being written"), await session.Closed);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync()).StatusCode);
    }

    /// <summary>Has the server take the client for gone as soon as so many bytes of an answer are on their way.</summary>
    private static Func<HttpContext, RequestDelegate, Task> CloseAtByte(Func<long, long> choose) => async (context, next) =>
    {
        using var gone = new CancellationTokenSource();
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Query.ContainsKey("sid"))
        {
            context.RequestAborted = gone.Token;
            var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseBodyFeature>(
                new WatchedBody(body, sent =>
                {
                    if (sent >= choose(context.Response.ContentLength!.Value)) gone.Cancel();
                }));
        }

        await next(context);
    };

    /// <summary>Tells after each flush how many bytes have been written in all.</summary>
    private sealed class WatchedBody(IHttpResponseBodyFeature inner, Action<long> onFlushed) : PipeWriter, IHttpResponseBodyFeature
    {
        private long _written;

        public PipeWriter Writer => this;

        public Stream Stream => inner.Stream;

        public override bool CanGetUnflushedBytes => inner.Writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.Writer.UnflushedBytes;

        public override void Advance(int bytes)
        {
            _written += bytes;
            inner.Writer.Advance(bytes);
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var result = await inner.Writer.FlushAsync(cancellationToken);
            onFlushed(_written);
            return result;
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.Writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.Writer.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Writer.Complete(exception);

        public Task CompleteAsync() => inner.CompleteAsync();

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);
    }
}
