using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrleansRooms.Samples.FrontEnd;

/// <summary>Metrics, traces and logs over OTLP, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
internal static class Telemetry
{
    public static void AddTo(WebApplicationBuilder builder)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("front-end"))
                .WithMetrics(metrics => metrics.AddMeter("OrleansRooms.*").AddAspNetCoreInstrumentation())
                .WithTracing(traces => traces.AddSource("OrleansRooms").AddAspNetCoreInstrumentation())
                .WithLogging()
                .UseOtlpExporter();
        }
    }
}
