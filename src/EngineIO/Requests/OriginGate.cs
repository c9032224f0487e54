using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>
/// Which web pages may use the server. Browsers say in <c>Origin</c> where a page comes from, for WebSockets too, to which CORS does not
/// apply: so the policy is not only told to them, but enforced. Everything else that speaks the protocol sends no <c>Origin</c>.
/// </summary>
internal sealed class OriginGate
{
    private static readonly CorsPolicy AnyOrigin = new CorsPolicyBuilder().AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().Build();

    private readonly CorsService _service;
    private readonly CorsPolicy? _policy;
    private readonly bool _requiresSameOrigin;

    public OriginGate(EngineIOOptions options, ILoggerFactory loggers)
    {
        _service = new CorsService(Options.Create(new CorsOptions()), loggers);
        _policy = options.AllowAnyOrigin ? AnyOrigin : options.Cors;
        _requiresSameOrigin = options.RequireSameOrigin;
    }

    /// <summary>
    /// Sets the headers of <see cref="EngineIOOptions.Cors"/>, before anything else looks at a request, so that errors have them too.
    /// </summary>
    /// <returns><see langword="true"/> when the request was a preflight, which is then answered.</returns>
    public bool Apply(HttpContext context)
    {
        // A preflight names the method that is to follow, but Node.js answers all these requests as one.
        var isPreflight = HttpMethods.IsOptions(context.Request.Method) && HasPolicy(context);
        if (_policy is not null && (isPreflight || context.Request.Headers.Origin.Count > 0))
        {
            var result = _service.EvaluatePolicy(context, _policy);
            result.IsPreflightRequest = isPreflight;
            _service.ApplyResult(result, context.Response);
        }

        if (isPreflight) context.Response.StatusCode = StatusCodes.Status204NoContent;
        return isPreflight;
    }

    /// <summary>Whether a request comes from a page of another origin that the policy does not name.</summary>
    public ValueTask<bool> IsForeignAsync(HttpContext context)
    {
        var request = context.Request;
        return StringValues.IsNullOrEmpty(request.Headers.Origin) || _policy is { AllowAnyOrigin: true }
            ? new ValueTask<bool>(false)
            : IsForeignAsync(context, request.Headers.Origin.ToString());
    }

    private async ValueTask<bool> IsForeignAsync(HttpContext context, string origin)
    {
        var request = context.Request;
        if (IsOwn(origin, request.Host.Value, request.IsHttps)) return false;
        var policy = _policy ?? await PolicyOfEndpointAsync(context);
        if (policy is not null) return !policy.AllowAnyOrigin && !policy.IsOriginAllowed(origin);
        return _requiresSameOrigin || request.Headers.Cookie.Count > 0;
    }

    private bool HasPolicy(HttpContext context) => _policy is not null || MetadataOf(context) is not (null or IDisableCorsAttribute);

    /// <summary>The policy that <c>RequireCors</c> gave the endpoint; the middleware sets its headers.</summary>
    private static async ValueTask<CorsPolicy?> PolicyOfEndpointAsync(HttpContext context) => MetadataOf(context) switch
    {
        ICorsPolicyMetadata metadata => metadata.Policy,
        IEnableCorsAttribute named when context.RequestServices.GetService<ICorsPolicyProvider>() is { } policies =>
            await policies.GetPolicyAsync(context, named.PolicyName),
        _ => null,
    };

    private static ICorsMetadata? MetadataOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>();

    /// <summary>
    /// Whether a page comes from the host that it asks. The scheme may differ one way: behind a proxy that ends TLS the request is HTTP,
    /// but a page over HTTP, which anybody on the way may have written, is foreign to a server over HTTPS.
    /// </summary>
    private static bool IsOwn(ReadOnlySpan<char> origin, ReadOnlySpan<char> host, bool isHttps)
    {
        // Some clients that are no browsers name the address of their WebSocket.
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return false;
        string port;
        switch (origin[..scheme])
        {
            case "https" or "wss":
                port = ":443";
                break;
            case "http" or "ws" when !isHttps:
                port = ":80";
                break;
            default:
                return false;
        }

        return WithoutPort(origin[(scheme + 3)..], port).Equals(WithoutPort(host, port), StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority, string port) =>
        authority.EndsWith(port, StringComparison.Ordinal) ? authority[..^port.Length] : authority;
}
