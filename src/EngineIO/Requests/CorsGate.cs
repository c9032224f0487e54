using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// Applies <see cref="EngineIOOptions.Cors"/> before anything else looks at a request, so that every response has the headers. A
/// foreign origin is not refused, only not allowed: the browser refuses.
/// </summary>
internal sealed class CorsGate(CorsPolicy policy, ILoggerFactory loggers)
{
    private readonly CorsService _service = new(Options.Create(new CorsOptions()), loggers);

    /// <summary>Sets the headers; <see langword="true"/> when the request was a preflight, which is then answered.</summary>
    public bool Apply(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count == 0) return false;

        var result = _service.EvaluatePolicy(context, policy);
        _service.ApplyResult(result, context.Response);

        if (!result.IsPreflightRequest) return false;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
