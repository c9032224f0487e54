using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Grains.Tests;

/// <summary>A node as the directory sees it: it registers, sends heartbeats until it is killed, and reads its packet stream.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly RoomsCluster _cluster;
    private readonly CancellationTokenSource _dead = new();
    private readonly Channel<Envelope> _notices = Channel.CreateUnbounded<Envelope>();
    private readonly Dictionary<string, Envelope> _latest = new(StringComparer.Ordinal);
    private PacketStreamAddress? _stream;
    private Task _heartbeats = Task.CompletedTask;

    private TestNode(RoomsCluster cluster, NodeIdentity identity)
    {
        _cluster = cluster;
        Identity = identity;
    }

    public NodeIdentity Identity { get; private set; }

    public HeartbeatStatus LastStatus { get; private set; }

    public static async Task<TestNode> StartAsync(RoomsCluster cluster, string id)
    {
        var registration = await cluster.Directory.RegisterAsync(id, 0);
        var node = new TestNode(cluster, registration.Node);
        var streams = cluster.Client.ServiceProvider.GetRequiredService<IPacketStreams>();
        node._stream = await streams.OpenAsync(RoomsCluster.Key, node.Identity, 1);
        await streams.Get(RoomsCluster.Key, node._stream).SubscribeAsync((batch, _) =>
        {
            Assert.Equal(new NodeIdentity("", 0), batch.From);
            foreach (var envelope in batch.Envelopes)
            {
                node._notices.Writer.TryWrite(envelope);
            }

            return Task.CompletedTask;
        });
        await cluster.Directory.HeartbeatAsync(node.Identity, default, 0, node._stream);
        node._heartbeats = node.SendHeartbeatsAsync(registration.Lease / 4);
        return node;
    }

    /// <summary>Waits until the latest that was said of a room is a size, and checks that notices only go forward in time.</summary>
    public async Task HearAsync(string room, int size)
    {
        using var deadline = new CancellationTokenSource(RoomsCluster.Patience);
        while (!_latest.TryGetValue(room, out var latest) || latest.Count != size)
        {
            var notice = await _notices.Reader.ReadAsync(deadline.Token);
            Assert.Equal(EnvelopeKind.RoomSizeChanged, notice.Kind);
            if (_latest.TryGetValue(notice.Targets[0], out var former))
            {
                Assert.True(notice.Version > former.Version);
            }

            _latest[notice.Targets[0]] = notice;
        }
    }

    /// <summary>The notices that have arrived and were not looked at.</summary>
    public Envelope[] TakeNotices()
    {
        var notices = new List<Envelope>();
        while (_notices.Reader.TryRead(out var notice))
        {
            notices.Add(notice);
        }

        return [.. notices];
    }

    /// <summary>Falls silent without a word.</summary>
    public async Task KillAsync()
    {
        await _dead.CancelAsync();
        await _heartbeats;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _dead.Dispose();
    }

    private async Task SendHeartbeatsAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        long generation = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_dead.Token))
            {
                // Confirms what it has heard of: tests say themselves what this node holds.
                var reply = await _cluster.Directory.HeartbeatAsync(Identity, default, generation, _stream);
                generation = reply.View!.Generation;
                LastStatus = reply.Status;
            }
        }
        catch (OperationCanceledException)
        {
            // Killed.
        }
    }
}
