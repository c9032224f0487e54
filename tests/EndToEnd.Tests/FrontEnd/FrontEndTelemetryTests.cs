using System.Net;
using System.Text;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.FrontEnd;

/// <summary>What a front-end exports when OpenTelemetry's variable says where to. Silo.Tests has the same for silos.</summary>
public sealed class FrontEndTelemetryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task MetricsAndTraces_OfAMessage_ReachTheCollector()
    {
        var ports = FreePorts.Take(3);
        var url = $"http://127.0.0.1:{ports[0]}/";
        using var collector = new HttpListener();
        collector.Prefixes.Add(url);
        collector.Start();
        List<(string Path, string Text)> expected =
        [
            ("/v1/metrics", "orleansrooms.engineio.sessions"),
            ("/v1/metrics", "http.server"),
            ("/v1/traces", "send /chat"),
            ("/v1/logs", "front-end"),
        ];
        var received = ReceiveAsync(collector, expected);
        await using var silo = Programs.Start(
            ["src", "Silo"], "OrleansRooms.Silo", "--silo-port", $"{ports[1]}", "--gateway-port", $"{ports[2]}");
        await using var frontEnd = Programs.Start(
            ["samples", "FrontEnd"],
            "OrleansRooms.Samples.FrontEnd",
            "--urls",
            "http://127.0.0.1:0",
            "--Rooms:GatewayPort",
            $"{ports[2]}",
            "--OTEL_EXPORTER_OTLP_ENDPOINT",
            url,
            "--OTEL_EXPORTER_OTLP_PROTOCOL",
            "http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL",
            "500",
            "--OTEL_BSP_SCHEDULE_DELAY",
            "200");
        var line = await frontEnd.NextLineAsync("Now listening on: ", Patience);

        await using var ann = RunningProcess.Start(
            "node",
            [
                "samples/FrontEnd/client/chat.mjs", line[line.IndexOf("http", StringComparison.Ordinal)..].Trim(), "ann", "correct horse",
                "Hello",
            ],
            RepositoryRoot.Combine());

        Assert.Equal(0, await ann.WaitForExitAsync(Patience));
        await Task.WhenAny(received, Task.Delay(Patience, TimeProvider.System));
        Assert.True(received.IsCompletedSuccessfully, $"Not exported: {string.Join(", ", expected)}. {received.Exception}");
    }

    /// <summary>Takes what is exported until every path has got its text.</summary>
    private static async Task ReceiveAsync(HttpListener collector, List<(string Path, string Text)> expected)
    {
        while (expected.Count > 0)
        {
            var context = await collector.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            context.Response.Close();
            expected.RemoveAll(
                part => part.Path == context.Request.Url!.AbsolutePath && body.Contains(part.Text, StringComparison.Ordinal));
        }
    }
}
