using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Tests.Streams;

/// <summary>The packet streams as <c>AddRooms</c> sets them up, for both kinds of nodes.</summary>
public sealed class PacketStreamTests
{
    [Fact]
    public async Task Stream_ExternalClientSubscribes_GetsBatchesInOrder()
    {
        await using var cluster = await RoomsCluster.StartAsync(2);
        await ReceivesInOrderAsync(subscriber: cluster.Client, publisher: cluster.Client);
    }

    [Fact]
    public async Task Stream_CoHostedNodeSubscribes_GetsBatchesOfOtherSiloAndClientInOrder()
    {
        await using var cluster = await RoomsCluster.StartAsync(2);
        var first = cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<IClusterClient>();
        var second = cluster.Cluster.Silos[1].ServiceProvider.GetRequiredService<IClusterClient>();
        await ReceivesInOrderAsync(subscriber: first, publisher: second);
        await ReceivesInOrderAsync(subscriber: second, publisher: cluster.Client);
    }

    [Fact]
    public async Task Stream_SubscribedBeforeTheFirstBatch_MissesNothing()
    {
        await using var cluster = await RoomsCluster.StartAsync(1);
        for (var run = 1; run <= 20; run++)
        {
            await ReceivesInOrderAsync(cluster.Client, cluster.Client, batches: 1, new NodeIdentity("restarting", run));
        }
    }

    private static async Task ReceivesInOrderAsync(
        IClusterClient subscriber, IClusterClient publisher, int batches = 300, NodeIdentity? subscribingNode = null)
    {
        var node = subscribingNode ?? new NodeIdentity(Guid.NewGuid().ToString("N"), 1);
        var received = Channel.CreateUnbounded<EnvelopeBatch>();
        var subscription = await NodeStreams.Open(subscriber.GetStreamProvider(NodeStreams.ProviderName), RoomsCluster.Key, node)
            .SubscribeAsync((batch, _) =>
            {
                received.Writer.TryWrite(batch);
                return Task.CompletedTask;
            });

        var sender = new NodeIdentity("publisher", 7);
        var stream = NodeStreams.Open(publisher.GetStreamProvider(NodeStreams.ProviderName), RoomsCluster.Key, node);
        for (var i = 0; i < batches; i++)
        {
            var envelope = new Envelope
            {
                Kind = EnvelopeKind.Broadcast,
                Namespace = "/",
                Rooms = ["room"],
                Payload = [(byte)i],
                Attachments = [[1, 2, 3]],
                Count = i,
            };
            await stream.OnNextAsync(new EnvelopeBatch(sender, [envelope]));
        }

        using var deadline = new CancellationTokenSource(RoomsCluster.Patience);
        for (var i = 0; i < batches; i++)
        {
            var batch = await received.Reader.ReadAsync(deadline.Token);
            Assert.Equal(sender, batch.From);
            var envelope = Assert.Single(batch.Envelopes);
            Assert.Equal(i, envelope.Count);
            Assert.Equal([(byte)i], envelope.Payload);
            Assert.Equal([1, 2, 3], Assert.Single(envelope.Attachments));
        }

        Assert.False(received.Reader.TryRead(out _));
        await subscription.UnsubscribeAsync();
    }
}
