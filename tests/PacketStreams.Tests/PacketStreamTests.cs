using System.Threading.Channels;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

/// <summary>The packet streams as silos and clients set them up, for both kinds of nodes.</summary>
public sealed class PacketStreamTests
{
    [Fact]
    public async Task Stream_ExternalClientSubscribes_GetsBatchesInOrder()
    {
        await using var cluster = await StreamsCluster.StartAsync(2);
        for (var run = 1; run <= 4; run++)
        {
            // Whichever silo it is that takes the stream.
            await ReceivesInOrderAsync(cluster.OfClient, cluster.OfClient, batches: 300, run);
        }
    }

    [Fact]
    public async Task Stream_CoHostedNodeSubscribes_GetsBatchesOfOtherSiloAndClientInOrder()
    {
        await using var cluster = await StreamsCluster.StartAsync(2);
        var first = cluster.OfSilo(0);
        var second = cluster.OfSilo(1);
        await ReceivesInOrderAsync(subscriber: first, publisher: first);
        await ReceivesInOrderAsync(subscriber: first, publisher: second);
        await ReceivesInOrderAsync(subscriber: second, publisher: cluster.OfClient);
    }

    [Fact]
    public async Task TryRead_InTheHomeSilo_GetsWhatOthersSendWithoutASubscription()
    {
        const int count = 300;
        await using var cluster = await StreamsCluster.StartAsync(2);
        var streams = cluster.OfSilo(0);
        var address = await streams.OpenAsync(StreamsCluster.Key, new NodeIdentity("a", 1), 1);
        var received = Channel.CreateUnbounded<int>();
        Assert.True(streams.TryRead(StreamsCluster.Key, address, batch => received.Writer.TryWrite(batch.Envelopes[0].Count)));
        Assert.False(cluster.OfSilo(1).TryRead(StreamsCluster.Key, address, _ => { }));
        Assert.False(cluster.OfClient.TryRead(StreamsCluster.Key, address, _ => { }));
        foreach (var publisher in (IPacketStreams[])[cluster.OfSilo(0), cluster.OfSilo(1), cluster.OfClient])
        {
            var stream = publisher.Get(StreamsCluster.Key, address);
            for (var i = 0; i < count; i++)
            {
                await stream.OnNextAsync(Batches.Of(i));
            }

            using var deadline = new CancellationTokenSource(StreamsCluster.Patience);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(i, await received.Reader.ReadAsync(deadline.Token));
            }
        }
    }

    [Fact]
    public async Task Open_CoHostedNode_IsAtHomeInItsOwnSilo()
    {
        await using var cluster = await StreamsCluster.StartAsync(2);
        for (var i = 0; i < 2; i++)
        {
            var address = await cluster.OfSilo(i).OpenAsync(StreamsCluster.Key, new NodeIdentity("a", 1), 1);
            Assert.Equal(cluster.HomeOf(i), address.Home);
        }
    }

    [Fact]
    public async Task Stream_ManyNodesInOneSilo_EachGetsItsOwn()
    {
        await using var cluster = await StreamsCluster.StartAsync(1);
        await Task.WhenAll(Enumerable.Range(1, 20).Select(
            run => ReceivesInOrderAsync(cluster.OfClient, cluster.OfClient, batches: 20, run)));
    }

    [Fact]
    public async Task Stream_ReaderStuck_OthersGoOnAndTheQueueRefusesInTime()
    {
        const int Limit = 20;
        await using var cluster = await StreamsCluster.StartAsync(1, options => options.MaxQueuedEnvelopes = Limit);
        var streams = cluster.OfClient;
        var address = await streams.OpenAsync(StreamsCluster.Key, new NodeIdentity("stuck", 1), 1);
        var stream = streams.Get(StreamsCluster.Key, address);
        var received = Channel.CreateUnbounded<int>();
        var release = new TaskCompletionSource();
        await stream.SubscribeAsync(async (batch, _) =>
        {
            received.Writer.TryWrite(batch.Envelopes[0].Count);
            await release.Task;
        });
        await stream.OnNextAsync(Batches.Of(0));
        using var deadline = new CancellationTokenSource(StreamsCluster.Patience);
        Assert.Equal(0, await received.Reader.ReadAsync(deadline.Token));

        for (var i = 1; i <= Limit; i++)
        {
            await stream.OnNextAsync(Batches.Of(i));
        }

        var refused = await Assert.ThrowsAsync<PacketStreamException>(() => stream.OnNextAsync(Batches.Of(-1)));
        Assert.Equal(PacketStreamOutcome.Full, refused.Outcome);
        // A node of its own: within one process Orleans hands out one delivery after the other.
        await ReceivesInOrderAsync(cluster.OfSilo(0), cluster.OfClient, batches: Limit);

        release.SetResult();
        for (var i = 1; i <= Limit; i++)
        {
            Assert.Equal(i, await received.Reader.ReadAsync(deadline.Token));
        }

        await stream.OnNextAsync(Batches.Of(Limit + 1));
        Assert.Equal(Limit + 1, await received.Reader.ReadAsync(deadline.Token));
    }

    [Fact]
    public async Task Stream_Closed_RefusesWhatIsSent()
    {
        await using var cluster = await StreamsCluster.StartAsync(2);
        foreach (var streams in new[] { cluster.OfClient, cluster.OfSilo(0), cluster.OfSilo(1) })
        {
            var address = await streams.OpenAsync(StreamsCluster.Key, new NodeIdentity("a", 1), 1);
            await streams.Get(StreamsCluster.Key, address).OnNextAsync(Batches.Of(1));
            await streams.CloseAsync(StreamsCluster.Key, address);
            var refused = await Assert.ThrowsAsync<PacketStreamException>(
                () => streams.Get(StreamsCluster.Key, address).OnNextAsync(Batches.Of(2)));
            Assert.Equal(PacketStreamOutcome.Closed, refused.Outcome);
        }
    }

    [Fact]
    public async Task Open_AsManyAsMayBe_RefusesAnother()
    {
        await using var cluster = await StreamsCluster.StartAsync(1, options => options.MaxStreams = 3);
        var streams = cluster.OfClient;
        for (var i = 1; i <= 3; i++)
        {
            await streams.OpenAsync(StreamsCluster.Key, new NodeIdentity("a", 1), i);
        }

        var refused = await Assert.ThrowsAsync<PacketStreamException>(
            () => streams.OpenAsync(StreamsCluster.Key, new NodeIdentity("a", 1), 4).AsTask());
        Assert.Equal(PacketStreamOutcome.TooManyStreams, refused.Outcome);
    }

    private static async Task ReceivesInOrderAsync(IPacketStreams subscriber, IPacketStreams publisher, int batches = 300, long run = 1)
    {
        var node = new NodeIdentity(Guid.NewGuid().ToString("N"), 1);
        var received = Channel.CreateUnbounded<EnvelopeBatch>();
        var address = await subscriber.OpenAsync(StreamsCluster.Key, node, run);
        var subscription = await subscriber.Get(StreamsCluster.Key, address).SubscribeAsync((batch, _) =>
        {
            received.Writer.TryWrite(batch);
            return Task.CompletedTask;
        });

        var stream = publisher.Get(StreamsCluster.Key, address);
        for (var i = 0; i < batches; i++)
        {
            await stream.OnNextAsync(Batches.Of(i));
        }

        using var deadline = new CancellationTokenSource(StreamsCluster.Patience);
        for (var i = 0; i < batches; i++)
        {
            var batch = await received.Reader.ReadAsync(deadline.Token);
            Assert.Equal(Batches.Publisher, batch.From);
            var envelope = Assert.Single(batch.Envelopes);
            Assert.Equal(i, envelope.Count);
            Assert.Single(envelope.Payload);
            Assert.Equal([1, 2, 3], Assert.Single(envelope.Attachments));
        }

        Assert.False(received.Reader.TryRead(out _));
        await subscription.UnsubscribeAsync();
        await subscriber.CloseAsync(StreamsCluster.Key, address);
    }
}
