using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansRooms.AdapterClient.Nodes;
using OrleansRooms.AdapterClient.Wire;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.AdapterClient.Delivery;

/// <summary>
/// Takes what comes from other nodes and, one after the other, hands it to the adapters of the namespaces. Answers to requests go past the queue, so
/// that a handler in it may wait for them.
/// </summary>
internal sealed partial class EnvelopeDispatcher(ClusterNode node)
{
    // How long after a node departed its last envelopes may come in.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private readonly Channel<(NodeIdentity From, Envelope Envelope, int Size)> _queue =
        Channel.CreateUnbounded<(NodeIdentity, Envelope, int)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ILogger _logger = node.Loggers.CreateLogger<EnvelopeDispatcher>();
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
        lock (_lock)
        {
            // Under the lock as a whole, so that batches do not mix should two streams of this process speak at once.
            var repeated = _sequences.Accept(batch, node.Time.GetTimestamp(), out var lost);
            node.Metrics.Received(batch.Envelopes.Length);
            if (repeated > 0)
            {
                node.Metrics.Duplicates(repeated);
            }

            if (lost > 0)
            {
                node.Metrics.Lost(lost);
                Log.EnvelopesLost(_logger, node.NodeId, lost, batch.From);
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
            var lateness = (long)(Lateness.TotalSeconds * node.Time.TimestampFrequency);
            _sequences.Prune(node.Living.IsDeparted, node.Time.GetTimestamp() - lateness);
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    private void Accept(NodeIdentity from, Envelope envelope)
    {
        switch (envelope.Kind)
        {
            case EnvelopeKind.SocketsJoined:
                node.FindAdapter(envelope.Namespace)?.ConfirmJoin(envelope.RequestId, from);
                node.Requests.OnResponse(from, envelope);
                break;
            case EnvelopeKind.BroadcastAckCount:
            case EnvelopeKind.BroadcastAck:
            case EnvelopeKind.FetchSocketsResponse:
            case EnvelopeKind.ServerSideEmitResponse:
                node.Requests.OnResponse(from, envelope);
                break;
            default:
                Enqueue(from, envelope);
                break;
        }
    }

    private void Enqueue(NodeIdentity from, Envelope envelope)
    {
        var size = PacketEnvelopeMapper.SizeOf(envelope);
        if (Interlocked.Add(ref _bytes, size) > node.Options.MaxReceivedBytes && size < Volatile.Read(ref _bytes))
        {
            Interlocked.Add(ref _bytes, -size);
            node.Metrics.Dropped("dispatcher full", 1);
            if (!_isDropping)
            {
                _isDropping = true;
                Log.DispatcherFull(_logger, node.NodeId);
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
                // (9) In the publisher's order, to the adapter of the namespace.
                Dispatch(from, envelope);
            }
            catch (Exception exception)
            {
                // One namespace's trouble must not end the delivery to all.
                node.Metrics.Ignored("failed");
                Log.DeliveryFailed(_logger, node.NodeId, envelope.Kind, from, envelope.Namespace, exception);
            }

            if (Interlocked.Add(ref _bytes, -size) == 0)
            {
                _isDropping = false;
            }
        }
    }

    private void Dispatch(NodeIdentity from, Envelope envelope)
    {
        if (node.FindAdapter(envelope.Namespace) is { } adapter)
        {
            adapter.Deliver(from, envelope);
            return;
        }

        // The namespace was closed here, or is not open yet.
        node.Metrics.Ignored("namespace");
        if (EmptyAnswerTo(envelope) is { } answer)
        {
            node.Links.Send(from, answer);
        }
    }

    private static Envelope? EmptyAnswerTo(Envelope request)
    {
        EnvelopeKind? kind = request.Kind switch
        {
            EnvelopeKind.SocketsJoin when request.RequestId != 0 => EnvelopeKind.SocketsJoined,
            EnvelopeKind.BroadcastWithAck => EnvelopeKind.BroadcastAckCount,
            EnvelopeKind.FetchSockets => EnvelopeKind.FetchSocketsResponse,
            EnvelopeKind.ServerSideEmitRequest => EnvelopeKind.ServerSideEmitResponse,
            _ => null,
        };
        return kind is null
            ? null
            : new Envelope
            {
                Kind = kind.Value,
                Namespace = request.Namespace,
                RequestId = request.RequestId,
                Payload = kind == EnvelopeKind.FetchSocketsResponse ? "[]"u8.ToArray() : [],
            };
    }
}
