using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Delivery;

/// <summary>
/// Keeps a packet stream for the run in force. A subscription is worth what arrives by it: the stream is probed all the time, by batches
/// that go the way of all others, and replaced by a new one, in another home silo if this is a client of some, when they do not arrive.
/// </summary>
internal sealed partial class NodeStreamSubscriber(ClusterParticipant participant, EnvelopeDispatcher dispatcher) : IDisposable
{
    // Publishers learn of a new stream with the directory's news; until then the former one is read as well, if it works at all.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = participant.Loggers.CreateLogger<NodeStreamSubscriber>();
    private volatile StreamSubscription? _current;
    private CancellationTokenSource? _watching;
    private long _number;

    /// <summary>Where packets for the run go, once there is a stream.</summary>
    public PacketStreamAddress? Address => _current?.Address;

    /// <summary>The run has another stream, which publishers have to be told of.</summary>
    public event Action? Moved;

    /// <summary>
    /// Opens a stream for a run, which works when this returns, and keeps one until the next call. That of the former run is dropped.
    /// </summary>
    public async Task SubscribeAsync(NodeIdentity run, CancellationToken cancellationToken)
    {
        Dispose();
        var former = _current;
        _current = await StreamSubscription.OpenAsync(participant, dispatcher, run, ++_number, cancellationToken).ConfigureAwait(false);
        _ = DropAsync(former, TimeSpan.Zero);
        _watching = new CancellationTokenSource();
        _ = WatchAsync(run, _watching.Token);
    }

    /// <summary>Looks at once whether the stream still works: the cluster has lost something.</summary>
    public void Doubt() => _current?.Doubt();

    /// <summary>Drops the stream, as far as the cluster is there to hear of it.</summary>
    public async Task UnsubscribeAsync()
    {
        Dispose();
        var last = _current;
        _current = null;
        await DropAsync(last, TimeSpan.Zero).ConfigureAwait(false);
    }

    /// <summary>Leaves the stream to itself.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _watching, null) is { } watching)
        {
            watching.Cancel();
            watching.Dispose();
        }
    }

    private async Task WatchAsync(NodeIdentity run, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _current is { } current)
        {
            try
            {
                var reason = await current.WhenBrokenAsync(cancellationToken).ConfigureAwait(false);
                Log.StreamBroken(_logger, participant.Id, current.Address, reason);
                await MoveAsync(run, current, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task MoveAsync(NodeIdentity run, StreamSubscription broken, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                // Another number finds other grains to keep the subscription, and perhaps another silo.
                var opened = await StreamSubscription.OpenAsync(
                    participant, dispatcher, run, ++_number, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                _current = opened;
                break;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                participant.ReportFailure(exception);
                await Task.Delay(Backoff.After(++failures), participant.Time, cancellationToken).ConfigureAwait(false);
            }
        }

        participant.Metrics.StreamMoved();
        Log.StreamMoved(_logger, participant.Id, Address!);
        _ = DropAsync(broken, Farewell);
        Moved?.Invoke();
        dispatcher.AskForWhatIsMissing();
    }

    private async Task DropAsync(StreamSubscription? former, TimeSpan farewell)
    {
        if (former is null)
        {
            return;
        }

        try
        {
            await Task.Delay(farewell, participant.Time).ConfigureAwait(false);
            await former.DropAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody writes to it any more, and its lease ends.
            Log.UnsubscribingFailed(_logger, participant.Id, exception);
        }
    }
}
