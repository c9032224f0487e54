using System.Globalization;
using OrleansRooms.TestKit.Redis;
using OrleansRooms.TestKit.Wire;
using Xunit.Abstractions;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// One client sends more than the cluster carries, and a client of the same server talks to a room on the same other node meanwhile.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class FloodTests(ProcessCluster cluster, ITestOutputHelper output)
{
    // Several times what may wait for the other node.
    private const int FloodEvents = 20_000;

    [RedisFact]
    public async Task ClientThatFloods_IsHeldUp_AndNobodyElseMissesAnything()
    {
        var (flooded, quiet) = (cluster.NewName("flooded"), cluster.NewName("quiet"));
        // A tenth of the default, so that a tenth of a flood shows the same.
        await using var near = await NodeUnderTest.StartAsync(
            cluster.NewName("node"), [.. cluster.Rooms, "--Rooms:Adapter:MaxQueuedBytes", $"{6 * 1024 * 1024}"]);
        // Who hears the flood shall not be cut off for being slow.
        await using var far = await NodeUnderTest.StartAsync(
            cluster.NewName("node"), [.. cluster.Rooms, "--SocketIO:MaxSendBufferBytes", $"{256 * 1024 * 1024}"]);
        await using var sink = await JoinAsync(far, flooded);
        await using var listener = await JoinAsync(far, quiet);
        await using var flooder = await JoinAsync(near, "nowhere");
        await using var bystander = await JoinAsync(near, "nowhere");

        var flooding = Task.Run(() => FloodAsync(flooder, flooded));
        using var enough = new CancellationTokenSource();
        var talking = TalkAsync(bystander, quiet, enough.Token);
        await flooding;
        await sink.NextAsync(frame => IsRelayed(frame, "end"), "the end of the flood");
        await enough.CancelAsync();
        var sent = await talking;
        await listener.NextAsync(frame => IsRelayed(frame, "end"), $"the end of {sent} messages. {cluster.Output}{near.Process.Output}");

        var heard = listener.Waiting.Where(IsEvent).Select(frame => int.Parse(TextOf(frame), CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, sent), heard);
        // And what it sent itself is not lost either.
        Assert.Equal(FloodEvents, sink.Waiting.Count(IsEvent));
        output.WriteLine($"{sent} messages beside {FloodEvents} events of 1 KB.");
    }

    private static async Task<RawWebSocket> JoinAsync(NodeUnderTest node, string room)
    {
        var client = await RawWebSocket.OpenAndJoinAsync(new Uri(node.Url));
        await client.SendAsync($"420[\"join\",[\"{room}\"]]");
        await client.NextAsync(frame => frame.Text.StartsWith("430", StringComparison.Ordinal), "the answer to the join");
        return client;
    }

    private static async Task FloodAsync(RawWebSocket flooder, string room)
    {
        var text = $"42[\"relay\",\"{room}\",\"{new string('x', 1000)}\"]";
        for (var i = 0; i < FloodEvents; i++)
        {
            await flooder.SendAsync(text);
        }

        await flooder.SendAsync($"42[\"relay\",\"{room}\",\"end\"]");
    }

    private static async Task<int> TalkAsync(RawWebSocket bystander, string room, CancellationToken enough)
    {
        var sent = 0;
        while (!enough.IsCancellationRequested)
        {
            await bystander.SendAsync($"42[\"relay\",\"{room}\",\"{++sent}\"]");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        await bystander.SendAsync($"42[\"relay\",\"{room}\",\"end\"]");
        return sent;
    }

    private static bool IsRelayed(RawFrame frame, string text) => IsEvent(frame) && TextOf(frame) == text;

    private static bool IsEvent(RawFrame frame) => frame.Text.StartsWith("42[\"relayed\"", StringComparison.Ordinal);

    // The last argument of relayed(room, text).
    private static string TextOf(RawFrame frame) => frame.Text[(frame.Text.LastIndexOf(',') + 2)..^2];
}
