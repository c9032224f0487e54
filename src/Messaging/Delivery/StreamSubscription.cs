using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Delivery;

/// <summary>
/// One packet stream of this process and the subscription to it. It only hands on to the dispatcher, so the stream never waits for sockets.
/// </summary>
internal sealed class StreamSubscription
{
    // A stream with no other traffic is found broken after this and the time that a call may take.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    // A send may fail by chance; when it does twice in a row the home silo is gone or will not take any more.
    private const int MaxFailures = 2;
    private static readonly TimeSpan ProbeAgainAfter = TimeSpan.FromMilliseconds(200);

    // Once the cluster is known to have lost something, a stream that works has so long to show it: whatever arrives shows it.
    private static readonly TimeSpan DoubtLimit = TimeSpan.FromSeconds(1);

    private readonly ClusterParticipant _participant;
    private readonly EnvelopeDispatcher _dispatcher;
    private readonly IAsyncStream<EnvelopeBatch> _stream;
    private readonly EnvelopeBatch _probe;
    private StreamSubscriptionHandle<EnvelopeBatch>? _handle;
    private TaskCompletionSource _heard = NewSignal();
    private TaskCompletionSource _doubt = NewSignal();

    private StreamSubscription(ClusterParticipant participant, EnvelopeDispatcher dispatcher, PacketStreamAddress address)
    {
        _participant = participant;
        _dispatcher = dispatcher;
        Address = address;
        _stream = participant.Streams.Get(participant.ClusterKey, address);
        _probe = new EnvelopeBatch(address.Node, []);
    }

    public PacketStreamAddress Address { get; }

    /// <summary>Opens a new stream and subscribes to it; it has carried a probe when this returns.</summary>
    public static async Task<StreamSubscription> OpenAsync(
        ClusterParticipant participant, EnvelopeDispatcher dispatcher, NodeIdentity run, long number, CancellationToken cancellationToken)
    {
        var limit = participant.Options.CallTimeout;
        var address = await participant.Streams.OpenAsync(participant.ClusterKey, run, number)
            .WithinAsync(limit, participant.Time, cancellationToken).ConfigureAwait(false);
        var subscription = new StreamSubscription(participant, dispatcher, address);
        if (!participant.Streams.TryRead(participant.ClusterKey, address, subscription.OnNext))
        {
            subscription._handle = await new ValueTask<StreamSubscriptionHandle<EnvelopeBatch>>(
                subscription._stream.SubscribeAsync(subscription.OnNextAsync, subscription.OnErrorAsync))
                .WithinAsync(limit, participant.Time, cancellationToken).ConfigureAwait(false);
        }

        if (await subscription.ProbeAsync(cancellationToken).ConfigureAwait(false) is { } reason)
        {
            throw new TimeoutException($"The new packet stream {address} does not work: {reason}.");
        }

        return subscription;
    }

    /// <summary>Probes the stream until it does not work any more.</summary>
    /// <returns>What is the matter with it.</returns>
    public async Task<string> WhenBrokenAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var isDoubted = await PauseAsync(failures == 0 ? ProbeInterval : ProbeAgainAfter, cancellationToken).ConfigureAwait(false);
            try
            {
                if (await ProbeAsync(isDoubted, cancellationToken).ConfigureAwait(false) is { } reason)
                {
                    return reason;
                }

                failures = 0;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (++failures >= MaxFailures)
                {
                    return $"{exception.GetType().Name}: {exception.Message}";
                }
            }
        }
    }

    /// <summary>The next probe is due now, and one under way has not much time any more.</summary>
    public void Doubt() => Volatile.Read(ref _doubt).TrySetResult();

    /// <summary>Ends the subscription and closes the stream.</summary>
    public async Task DropAsync()
    {
        var limit = _participant.Options.CallTimeout;
        if (_handle is { } handle)
        {
            await handle.UnsubscribeAsync().WithinAsync(limit, _participant.Time, CancellationToken.None).ConfigureAwait(false);
        }

        await _participant.Streams.CloseAsync(_participant.ClusterKey, Address).AsTask()
            .WithinAsync(limit, _participant.Time, CancellationToken.None).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<string?> ProbeAsync(bool isDoubted, CancellationToken cancellationToken)
    {
        var probing = ProbeAsync(cancellationToken);
        if (!isDoubted && await Task.WhenAny(probing, Volatile.Read(ref _doubt).Task).ConfigureAwait(false) == probing)
        {
            return await probing.ConfigureAwait(false);
        }

        try
        {
            return await probing.WaitAsync(DoubtLimit, _participant.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!probing.IsCompleted)
        {
            ClusterCalls.Observe(probing);
            return $"nothing has arrived within {DoubtLimit} although the cluster has lost something";
        }
    }

    // Whatever arrives from now on shows that the stream works; if there is nothing else, the probe does.
    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        var limit = _participant.Options.CallTimeout;
        var heard = NewSignal();
        Volatile.Write(ref _heard, heard);
        try
        {
            await _stream.OnNextAsync(_probe).WithinAsync(limit, _participant.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (PacketStreamException full) when (full.Outcome == PacketStreamOutcome.Full)
        {
            // Much is on its way here, or nothing moves; the next moments tell.
        }

        try
        {
            await heard.Task.WaitAsync(limit, _participant.Time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return $"nothing has arrived within {limit}";
        }
    }

    /// <returns>Whether it was cut short by a doubt.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await _doubt.Task.WaitAsync(pause, _participant.Time, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _doubt, NewSignal());
            return true;
        }
        catch (TimeoutException)
        {
            // The usual case.
            return false;
        }
    }

    private Task OnNextAsync(EnvelopeBatch batch, StreamSequenceToken? token)
    {
        OnNext(batch);
        return Task.CompletedTask;
    }

    private void OnNext(EnvelopeBatch batch)
    {
        Volatile.Read(ref _heard).TrySetResult();
        if (batch.From != Address.Node || batch.Envelopes is not [])
        {
            // (8) Only queued, so that the stream goes on at once.
            _dispatcher.Accept(Address.Node, batch);
        }
    }

    private Task OnErrorAsync(Exception exception)
    {
        _participant.ReportFailure(exception);
        Doubt();
        return Task.CompletedTask;
    }
}
