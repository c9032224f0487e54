using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Cluster;

namespace OrleansRooms.Publishing.Delivery;

/// <summary>Reads the packet stream of the run in force. It only enqueues, so the stream never waits for sockets.</summary>
internal sealed partial class NodeStreamSubscriber(ClusterParticipant participant, EnvelopeDispatcher dispatcher)
{
    private readonly ILogger _logger = participant.Loggers.CreateLogger<NodeStreamSubscriber>();
    private NodeIdentity _run;
    private IAsyncStream<EnvelopeBatch>? _stream;
    private StreamSubscriptionHandle<EnvelopeBatch>? _subscription;

    /// <summary>Subscribes the stream of a run and drops that of the former.</summary>
    public async Task SubscribeAsync(NodeIdentity run, CancellationToken cancellationToken)
    {
        var stream = NodeStreams.Open(participant.Client.GetStreamProvider(NodeStreams.ProviderName), participant.ClusterKey, run);
        var subscription = await SubscribeAsync(run, stream, cancellationToken).ConfigureAwait(false);
        // Not waited for: the former stream may have gone with its silo.
        _ = UnsubscribeAsync();
        _run = run;
        _stream = stream;
        _subscription = subscription;
    }

    /// <summary>
    /// Subscribes again if the cluster has lost the subscription, which it does not tell. Should both exist for a moment, what arrives twice is
    /// recognised by its numbers.
    /// </summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_stream is { } stream
                && await new ValueTask<IList<StreamSubscriptionHandle<EnvelopeBatch>>>(stream.GetAllSubscriptionHandles())
                    .WithinAsync(participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false) is { Count: 0 })
            {
                Log.SubscriptionLost(_logger, participant.Id);
                _subscription = await SubscribeAsync(_run, stream, cancellationToken).ConfigureAwait(false);
                dispatcher.AskForWhatIsMissing();
            }
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                participant.ReportFailure(exception);
            }
        }
    }

    /// <summary>Drops the subscription, as far as the cluster is there to hear of it.</summary>
    public async Task UnsubscribeAsync()
    {
        if (Interlocked.Exchange(ref _subscription, null) is { } former)
        {
            try
            {
                await former.UnsubscribeAsync().WithinAsync(participant.Options.CallTimeout, participant.Time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The stream belongs to a run that ends; nobody will write to it.
                Log.UnsubscribingFailed(_logger, participant.Id, exception);
            }
        }
    }

    private Task<StreamSubscriptionHandle<EnvelopeBatch>> SubscribeAsync(
        NodeIdentity run, IAsyncStream<EnvelopeBatch> stream, CancellationToken cancellationToken) =>
        new ValueTask<StreamSubscriptionHandle<EnvelopeBatch>>(stream.SubscribeAsync((batch, _) => OnNextAsync(run, batch), OnErrorAsync))
            .WithinAsync(participant.Options.CallTimeout, participant.Time, cancellationToken);

    private Task OnNextAsync(NodeIdentity run, EnvelopeBatch batch)
    {
        // (8) Only queued, so that the stream goes on at once.
        dispatcher.Accept(run, batch);
        return Task.CompletedTask;
    }

    private Task OnErrorAsync(Exception exception)
    {
        Log.StreamFailed(_logger, participant.Id, exception);
        return Task.CompletedTask;
    }
}
