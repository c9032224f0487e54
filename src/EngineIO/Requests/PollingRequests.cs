using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Transports;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// Serves the GETs and POSTs of sessions on long-polling. A request's context is used by the request's own task alone, and never
/// after it.
/// </summary>
internal sealed class PollingRequests(EngineIOOptions options, Farewells farewells)
{
    private readonly PollResponse _response = new(options.HttpCompression);

    /// <summary>Serves a request of a session.</summary>
    /// <returns><see langword="false"/> when the session has moved to WebSocket; nothing was answered then.</returns>
    public async Task<bool> ServeAsync(HttpContext context, Session session)
    {
        if (HttpMethods.IsGet(context.Request.Method)) return await GetAsync(context, session);
        if (HttpMethods.IsPost(context.Request.Method)) return await PostAsync(context, session);

        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return true;
    }

    /// <summary>Answers a request of a session that has ended because the server closes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The session that it names; empty when it names none.</param>
    /// <returns><see langword="false"/> when it is no such request; nothing was answered then.</returns>
    public async Task<bool> TrySayFarewellAsync(HttpContext context, string id)
    {
        if (context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true } || !farewells.Knows(id)) return false;

        if (HttpMethods.IsGet(context.Request.Method)) await SayFarewellAsync(context, id, PollResponse.Close);
        else if (HttpMethods.IsPost(context.Request.Method)) await PollResponse.WritePostTakenAsync(context);
        else return false;

        return true;
    }

    private async Task SayFarewellAsync(HttpContext context, string id, ReadOnlyMemory<byte> farewell)
    {
        await PollResponse.WriteAsync(context, farewell);
        farewells.Told(id);
    }

    private async Task<bool> GetAsync(HttpContext context, Session session)
    {
        // A poll lasts as long as it has to; the heartbeat bounds it.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

        var poll = session.BeginPoll();
        PollAnswer answer;
        if (poll.Answer.IsCompleted)
        {
            answer = await poll.Answer;
        }
        else
        {
            await using var registration = context.RequestAborted.UnsafeRegister(static state =>
            {
                var (session, poll) = ((Session, Poll))state!;
                session.AbandonPoll(poll);
            }, (session, poll));
            answer = await poll.Answer;
        }

        switch (answer)
        {
            case PollAnswer.Batch:
                await WriteBatchAsync(context, session);
                break;
            case PollAnswer.Noop:
                await PollResponse.WriteAsync(context, PollResponse.Noop);
                break;
            case PollAnswer.Close:
                await SayFarewellAsync(context, session.Id, PollResponse.Close);
                break;
            case PollAnswer.NoopAndClose:
                await SayFarewellAsync(context, session.Id, PollResponse.NoopAndClose);
                break;
            case PollAnswer.Refuse:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
            case PollAnswer.Mismatch:
                return false;
            default:
                // The client has gone.
                break;
        }

        return true;
    }

    private async Task WriteBatchAsync(HttpContext context, Session session)
    {
        var isOpen = session.TryTakeBatch(out var batch);
        var succeeded = false;
        try
        {
            if (isOpen) succeeded = await _response.TryWriteAsync(context, batch);
            else await SayFarewellAsync(context, session.Id, PollResponse.Close);
        }
        finally
        {
            session.CompleteBatch(batch, succeeded, canContinue: false);
        }
    }

    private async Task<bool> PostAsync(HttpContext context, Session session)
    {
        if (context.Request.ContentType is { } type && type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            session.End(CloseReason.TransportError, "invalid content type");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return true;
        }

        // The engine's own limit replaces the server's, which may be lower.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;

        var body = new PostBody(context.Request.BodyReader, context.Request.ContentLength, options.MaxHttpBufferSize);
        switch (session.BeginPost(body))
        {
            case PostAdmission.Mismatch:
                return false;
            case PostAdmission.Ignore:
                await PollResponse.WritePostTakenAsync(context);
                return true;
            case PostAdmission.Refuse:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return true;
            default:
                break;
        }

        PostOutcome outcome;
        try
        {
            var result = await body.ReadAsync();
            outcome = result.Outcome;
            if (outcome == PostOutcome.Complete) await session.ReceivePayloadAsync(result.Bytes);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            session.End(CloseReason.TransportError, "data request connection closed prematurely");
            outcome = PostOutcome.Aborted;
        }
        finally
        {
            session.EndPost();
        }

        switch (outcome)
        {
            case PostOutcome.Complete:
                await PollResponse.WritePostTakenAsync(context);
                break;
            case PostOutcome.TooLarge:
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                break;
            default:
                context.Abort();
                break;
        }

        return true;
    }
}
