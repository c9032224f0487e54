using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>Reads the packet stream of the run in force. It only enqueues, so the stream never waits for sockets.</summary>
internal sealed partial class NodeStreamSubscriber(ClusterNode node, EnvelopeDispatcher dispatcher)
{
    private readonly ILogger _logger = node.Loggers.CreateLogger<NodeStreamSubscriber>();
    private StreamSubscriptionHandle<EnvelopeBatch>? _subscription;

    /// <summary>Subscribes the stream of a run and drops that of the former.</summary>
    public async Task SubscribeAsync(NodeIdentity run, CancellationToken cancellationToken)
    {
        var stream = NodeStreams.Open(node.Client.GetStreamProvider(NodeStreams.ProviderName), node.ClusterKey, run);
        var subscribing = stream.SubscribeAsync(OnNextAsync, OnErrorAsync);
        await ((Task)subscribing).WithinAsync(node.Options.CallTimeout, node.Time, cancellationToken).ConfigureAwait(false);
        await UnsubscribeAsync().ConfigureAwait(false);
        _subscription = await subscribing.ConfigureAwait(false);
    }

    /// <summary>Drops the subscription, as far as the cluster is there to hear of it.</summary>
    public async Task UnsubscribeAsync()
    {
        if (Interlocked.Exchange(ref _subscription, null) is { } former)
        {
            try
            {
                await former.UnsubscribeAsync().WithinAsync(node.Options.CallTimeout, node.Time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The stream belongs to a run that ends; nobody will write to it.
                Log.UnsubscribingFailed(_logger, node.NodeId, exception);
            }
        }
    }

    private Task OnNextAsync(EnvelopeBatch batch, StreamSequenceToken? token)
    {
        // (8) Only queued, so that the stream goes on at once.
        dispatcher.Accept(batch);
        return Task.CompletedTask;
    }

    private Task OnErrorAsync(Exception exception)
    {
        Log.StreamFailed(_logger, node.NodeId, exception);
        return Task.CompletedTask;
    }
}
