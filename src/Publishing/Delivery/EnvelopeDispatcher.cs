using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Links;

namespace OrleansRooms.Publishing.Delivery;

/// <summary>
/// Takes what comes from other nodes and hands it on, one after the other. Answers to requests go past the queue, so
/// that a handler in it may wait for them.
/// </summary>
internal sealed partial class EnvelopeDispatcher(ClusterParticipant participant, IEnvelopeReceiver receiver)
{
    // How long after a node departed its last envelopes may come in.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private readonly Channel<(NodeIdentity From, Envelope Envelope, int Size)> _queue =
        Channel.CreateUnbounded<(NodeIdentity, Envelope, int)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ILogger _logger = participant.Loggers.CreateLogger<EnvelopeDispatcher>();
    private readonly LinkSequences _sequences = new();
    private readonly Lock _lock = new();
    private long _bytes;
    private bool _isDropping;

    /// <summary>Completes when everything that was taken has been handed on.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = Task.Run(DispatchAsync);

    /// <summary>Takes a batch. Never waits.</summary>
    public void Accept(EnvelopeBatch batch)
    {
        if (batch.ReplyTo is { } address && address.Node == batch.From)
        {
            participant.Addresses.Learn(address);
        }

        lock (_lock)
        {
            // Under the lock as a whole, so that batches do not mix should two streams of this process speak at once.
            var repeated = _sequences.Accept(batch, participant.Time.GetTimestamp(), out var lost);
            participant.Metrics.Received(batch.Envelopes.Length);
            if (repeated > 0)
            {
                participant.Metrics.Duplicates(repeated);
            }

            if (lost > 0)
            {
                participant.Metrics.Lost(lost);
                Log.EnvelopesLost(_logger, participant.Id, lost, batch.From);
            }

            for (var i = repeated; i < batch.Envelopes.Length; i++)
            {
                Accept(batch.From, batch.Envelopes[i]);
            }
        }
    }

    /// <summary>Forgets publishers that departed a while ago.</summary>
    public void Prune()
    {
        lock (_lock)
        {
            var lateness = (long)(Lateness.TotalSeconds * participant.Time.TimestampFrequency);
            _sequences.Prune(participant.Living.IsDeparted, participant.Time.GetTimestamp() - lateness);
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    private void Accept(NodeIdentity from, Envelope envelope)
    {
        switch (envelope.Kind)
        {
            case EnvelopeKind.SocketsJoined:
                participant.ConfirmJoin(envelope.Namespace, envelope.RequestId, from);
                participant.Requests.OnResponse(from, envelope);
                break;
            case EnvelopeKind.BroadcastAckCount:
            case EnvelopeKind.BroadcastAck:
            case EnvelopeKind.FetchSocketsResponse:
            case EnvelopeKind.ServerSideEmitResponse:
                participant.Requests.OnResponse(from, envelope);
                break;
            default:
                Enqueue(from, envelope);
                break;
        }
    }

    private void Enqueue(NodeIdentity from, Envelope envelope)
    {
        var size = EnvelopeSize.Of(envelope);
        if (Interlocked.Add(ref _bytes, size) > participant.Options.MaxReceivedBytes && size < Volatile.Read(ref _bytes))
        {
            Interlocked.Add(ref _bytes, -size);
            participant.Metrics.Dropped("dispatcher full", 1);
            if (!_isDropping)
            {
                _isDropping = true;
                Log.DispatcherFull(_logger, participant.Id);
            }

            return;
        }

        _queue.Writer.TryWrite((from, envelope, size));
    }

    private async Task DispatchAsync()
    {
        await foreach (var (from, envelope, size) in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                // (9) In the publisher's order, to the adapter of the namespace if this is a node.
                receiver.Deliver(from, envelope);
            }
            catch (Exception exception)
            {
                // One namespace's trouble must not end the delivery to all.
                participant.Metrics.Ignored("failed");
                Log.DeliveryFailed(_logger, participant.Id, envelope.Kind, from, envelope.Namespace, exception);
            }

            if (Interlocked.Add(ref _bytes, -size) == 0)
            {
                _isDropping = false;
            }
        }
    }
}
