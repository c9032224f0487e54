using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Hosting;

namespace OrleansRooms.Silo;

/// <summary>
/// Metrics, traces and logs over OTLP, if OpenTelemetry's own variable says where to; its other variables apply as well. Nothing is
/// collected otherwise.
/// </summary>
internal static class SiloTelemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTo(IHostApplicationBuilder builder)
    {
        if (builder.Configuration[EndpointVariable] is not { Length: > 0 })
        {
            return;
        }

        builder.UseOrleans(silo => silo.AddActivityPropagation());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("orleansrooms-silo", serviceInstanceId: Environment.MachineName))
            .WithMetrics(metrics => metrics.AddMeter("OrleansRooms.*").AddMeter("Microsoft.Orleans").AddRuntimeInstrumentation())
            .WithTracing(traces => traces.AddSource("OrleansRooms").AddSource("Microsoft.Orleans.Application"))
            .WithLogging()
            .UseOtlpExporter();
    }
}
