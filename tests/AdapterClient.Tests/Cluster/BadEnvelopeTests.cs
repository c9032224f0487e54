using Orleans.Streams;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>
/// G9 as far as envelopes go: whatever an emitter or another client of the cluster writes to a node's packet stream, nobody else notices.
/// </summary>
public abstract class BadEnvelopeTests(ClusterFixture cluster)
{
    private const int Rounds = 400;

    [Fact]
    public async Task G9_MalformedAndSenselessEnvelopes_DisturbNobody()
    {
        await using var scene = await AdapterScene.OpenAsync($"/bad-{Guid.NewGuid():N}", cluster.Nodes);
        var (publisher, target) = (((HostedNode)cluster.Nodes[0]).Node, ((HostedNode)cluster.Nodes[1]).Node);
        var socket = await scene[1].ConnectAsync("r");
        var stream = await publisher.Participant.Addresses.FindAsync(target.CurrentRun!.Identity, CancellationToken.None);
        var random = new Random(20260104);
        var expected = new List<string>();
        for (var i = 0; i < Rounds; i++)
        {
            await SendAsync(stream, Batch(random, scene.Name));
            if (i % 10 != 0) continue;
            await scene[0].Adapter.BroadcastAsync(Packets.Event($"""["good",{i}]"""), BroadcastOptions.All.To("r"));
            expected.Add($"""42["good",{i}]""");
        }

        await socket.WaitForLogAsync(
            log => log.Count(entry => entry.Contains("good", StringComparison.Ordinal)) >= expected.Count,
            "everything that was sent rightly");
        Assert.Equal(expected, scene.EventsOf(socket).Where(entry => entry.Contains("good", StringComparison.Ordinal)));
        var inRoom = (await scene[0].Adapter.FetchSocketsAsync(BroadcastOptions.All.To("r"))).Sockets;
        Assert.Equal(1, Assert.Single(inRoom, found => found.Id == socket.Id).Rooms.Count(room => room == "r"));
        Assert.Equal(ClusterState.Connected, target.State);

        // What the same publisher sends behind it is not held up, if the stream takes it at all.
        var stranger = new NodeIdentity($"stranger-{Guid.NewGuid():N}", 1);
        var bad = new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = scene.Name, Rooms = null! };
        var good =
            new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = scene.Name, Rooms = ["r"], Payload = """["behind"]"""u8.ToArray() };
        Envelope[] both = [bad, good];
        await SendAsync(
            stream, new EnvelopeBatch(
                stranger, await SendAsync(stream, new EnvelopeBatch(stranger, [bad])) ? both : [good], Sequence: 1, Oldest: 1));
        await socket.WaitForLogAsync(
            log => log[^1].EndsWith("""["behind"]""", StringComparison.Ordinal), "what came behind a malformed envelope");
    }

    /// <returns>Whether the stream took it; ours refuses what it cannot measure.</returns>
    private static async Task<bool> SendAsync(IAsyncStream<EnvelopeBatch> stream, EnvelopeBatch batch)
    {
        try
        {
            await stream.OnNextAsync(batch);
            return true;
        }
        catch (NullReferenceException)
        {
            return false;
        }
    }

    private static EnvelopeBatch Batch(Random random, string ns)
    {
        var envelopes = random.Next(10) == 0
            ? null!
            : Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(20) == 0 ? null! : Bad(random, ns)).ToArray();
        // Some that says it counts, some that says nothing of itself; never one that others know.
        var from = random.Next(4) switch
        {
            0 => new NodeIdentity(null!, 1),
            1 => new NodeIdentity("", 0),
            _ => new NodeIdentity($"stranger-{random.Next(3)}", random.Next(3)),
        };
        return new EnvelopeBatch(from, envelopes, Number(random), Number(random), Number(random), (LinkFlags)random.Next(-1, 9));
    }

    private static Envelope Bad(Random random, string ns) => new()
    {
        // What would be right to do, if anybody may do it at all, is aimed at rooms that nobody is in.
        Kind = (EnvelopeKind)random.Next(-1, 20),
        Namespace = Maybe(random, ns)!,
        Rooms = Names(random),
        Except = Names(random),
        Targets = Names(random),
        Flags = (EnvelopeFlags)random.Next(-1, 64),
        Payload = random.Next(4) == 0 ? null! : RandomBytes(random),
        Attachments = random.Next(4) == 0 ? null! : [RandomBytes(random), random.Next(4) == 0 ? null! : RandomBytes(random)],
        RequestId = Number(random),
        Count = random.Next(int.MinValue, int.MaxValue),
        Version = Number(random),
        TimeoutMilliseconds = Number(random),
        TraceParent = random.Next(2) == 0 ? "00-nonsense" : null,
    };

    private static string[] Names(Random random) => random.Next(5) switch
    {
        0 => null!,
        1 => ["nobody", null!],
        _ => ["nobody"],
    };

    private static string? Maybe(Random random, string text) => random.Next(6) switch
    {
        0 => null,
        1 => "/elsewhere",
        _ => text,
    };

    private static long Number(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => -1,
        2 => 0,
        _ => random.Next(100),
    };

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }
}

public sealed class BadEnvelopesOnPacketStreamsTests(ClientsOfThreeSilos cluster)
    : BadEnvelopeTests(cluster), IClassFixture<ClientsOfThreeSilos>;

public sealed class BadEnvelopesOnMemoryStreamsTests(OnMemoryStreams cluster) : BadEnvelopeTests(cluster), IClassFixture<OnMemoryStreams>;
