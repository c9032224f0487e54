using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Cluster;
using OrleansRooms.Publishing.Outbound;

namespace OrleansRooms.Publishing.Links;

/// <summary>
/// The way to one run of another node: envelopes go out in order, everything that waits in one send, the next send when the last has succeeded. They
/// are numbered, so that the receiver recognises what a send that was tried again brings twice.
/// </summary>
internal sealed partial class NodeLink
{
    // A batch travels as one message of Orleans; smaller ones let others through in between.
    private const int MaxBatchMessages = 1000;
    private const int MaxBatchBytes = 1024 * 1024;

    private readonly ClusterParticipant _participant;
    private readonly NodeIdentity _destination;
    private readonly OutboundQueue _queue;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing;
    private readonly List<OutboundMessage> _batch = [];
    private NodeRun? _run;
    private long _next;
    private Task _sending = Task.CompletedTask;
    private bool _isDropping;

    public NodeLink(ClusterParticipant participant, NodeIdentity destination, CancellationToken stopping)
    {
        _participant = participant;
        _destination = destination;
        _queue = new OutboundQueue(participant.Options.MaxQueuedMessages, participant.Options.MaxQueuedBytes);
        _logger = participant.Loggers.CreateLogger<NodeLink>();
        _closing = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>Sends a message behind everything sent before.</summary>
    public void Send(OutboundMessage message)
    {
        if (_queue.Add(message, out var dropped))
        {
            _sending = Task.Run(SendAsync);
        }

        if (dropped is not null)
        {
            _participant.Metrics.Dropped("link full", dropped.Count);
            if (!_isDropping)
            {
                _isDropping = true;
                Log.LinkFull(_logger, _participant.Id, _destination);
            }
        }
    }

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenIdleAsync() => _sending;

    /// <summary>Gives up what waits.</summary>
    public void Close()
    {
        if (_queue.Count is > 0 and var given)
        {
            _participant.Metrics.Dropped("departed", given);
        }

        _closing.Cancel();
    }

    private async Task SendAsync()
    {
        try
        {
            while (_queue.TryTake(_batch, MaxBatchMessages, MaxBatchBytes))
            {
                await SendBatchAsync().ConfigureAwait(false);
                if (_queue.Release(_batch))
                {
                    _isDropping = false;
                }

                _batch.Clear();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The destination departed, or this node stops.
        }
    }

    private async Task SendBatchAsync()
    {
        var run = await _participant.WhenRegisteredAsync(_closing.Token).ConfigureAwait(false);
        if (run != _run)
        {
            _run = run;
            _next = 1;
        }

        var envelopes = new Envelope[_batch.Count];
        for (var i = 0; i < envelopes.Length; i++)
        {
            envelopes[i] = _batch[i].Envelope;
        }

        var batch = new EnvelopeBatch(run.Identity, envelopes, _next) { ReplyTo = _participant.ReplyTo };
        _next += envelopes.Length;
        for (var attempt = 1; !await TrySendAsync(batch).ConfigureAwait(false); attempt++)
        {
            await _participant.Recovery.PauseAsync(attempt, _closing.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySendAsync(EnvelopeBatch batch)
    {
        try
        {
            var stream = await _participant.Addresses.FindAsync(_destination, _closing.Token).ConfigureAwait(false);
            // (7) One send for all that waits.
            await stream.OnNextAsync(batch).WithinAsync(_participant.Options.CallTimeout, _participant.Time, _closing.Token).ConfigureAwait(false);
            _participant.Metrics.Sent(_destination.Id, batch.Envelopes.Length);
            return true;
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            _participant.Metrics.SendFailed(_destination.Id);
            _participant.ReportFailure(exception);
            return false;
        }
    }
}
