using System.Net;
using System.Text;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Silo.Tests;

public sealed class SiloTelemetryTests
{
    [Fact]
    public async Task Metrics_GoWhereOpenTelemetrysVariableSays()
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}/";
        using var collector = new HttpListener();
        collector.Prefixes.Add(url);
        collector.Start();
        await using var silo = await SiloProcess.RunAsync(
            "--OTEL_EXPORTER_OTLP_ENDPOINT", url, "--OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "--OTEL_METRIC_EXPORT_INTERVAL", "500");

        var (path, body) = await ReceiveAsync(collector, "/v1/metrics").WaitAsync(SiloProcess.Patience);

        Assert.Equal("/v1/metrics", path);
        Assert.Contains("orleansrooms-silo", body, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Orleans", body, StringComparison.Ordinal);
    }

    private static async Task<(string Path, string Body)> ReceiveAsync(HttpListener collector, string path)
    {
        while (true)
        {
            var context = await collector.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            context.Response.Close();
            if (context.Request.Url!.AbsolutePath == path)
            {
                return (path, body);
            }
        }
    }
}
