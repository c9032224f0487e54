using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Tracing;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Delivery;

/// <summary>
/// Takes what comes from other nodes and hands it on, one after the other. Answers to requests go past the queue, so
/// that a handler in it may wait for them.
/// </summary>
internal sealed partial class EnvelopeDispatcher(ClusterParticipant participant, IEnvelopeReceiver receiver)
{
    // How long after a node departed its last envelopes may come in.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ILogger _logger = participant.Loggers.CreateLogger<EnvelopeDispatcher>();
    private readonly Lock _lock = new();
    private readonly List<NodeIdentity> _due = [];
    private LinkReceivers _receivers = new();
    private NodeIdentity _run;
    private long _bytes;
    private bool _isRefusing;

    /// <summary>Completes when everything that was taken has been handed on.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = Task.Run(DispatchAsync);

    /// <summary>Takes a batch. Never waits.</summary>
    /// <param name="run">The run whose packet stream brought it.</param>
    /// <param name="batch">The batch.</param>
    public void Accept(NodeIdentity run, EnvelopeBatch batch)
    {
        if (!EnvelopeCheck.IsSound(batch))
        {
            participant.Metrics.Ignored("malformed");
            return;
        }

        if (batch.ReplyTo is { } address && address.Node == batch.From)
        {
            participant.Addresses.Learn(address);
        }

        // Under the lock as a whole, so that batches do not mix should two streams of this process speak at once.
        bool isDue;
        lock (_lock)
        {
            if (run.Epoch < _run.Epoch)
            {
                // The stream of a former run. Publishers know that it departed, or will; to the run in force they count from the beginning.
                return;
            }

            if (run != _run)
            {
                _run = run;
                _receivers = new LinkReceivers();
            }

            if (batch.Acknowledged > 0 || batch.Flags != LinkFlags.None)
            {
                participant.Links.OnAcknowledged(
                    batch.From, new LinkAcknowledgement(batch.Acknowledged, (batch.Flags & LinkFlags.SendAgain) != 0));
            }

            isDue = batch.Sequence > 0 ? AcceptNumbered(batch) : AcceptUnnumbered(batch);
        }

        if (isDue)
        {
            participant.Links.Notify(batch.From);
        }

        // The queue may have run empty while something was refused.
        ResumeIfDrained();
    }

    /// <summary>What to tell a publisher of the link from it.</summary>
    /// <param name="publisher">The publisher.</param>
    /// <param name="onlyIfDue">Whether to tell it only what cannot wait for something to ride on.</param>
    /// <param name="acknowledgement">The answer.</param>
    /// <returns>Whether there is anything to tell.</returns>
    public bool TryTakeAcknowledgement(NodeIdentity publisher, bool onlyIfDue, out LinkAcknowledgement acknowledgement)
    {
        lock (_lock)
        {
            if (_receivers.TryGet(publisher, out var link) && (link.IsDue || !onlyIfDue))
            {
                if (link.NewlyMissing > 0)
                {
                    participant.Metrics.Gap();
                    Log.EnvelopesMissing(_logger, participant.Id, link.NewlyMissing, publisher);
                }

                acknowledgement = link.TakeAcknowledgement();
                return true;
            }
        }

        acknowledgement = default;
        return false;
    }

    /// <summary>
    /// Asks every publisher to send again what this process has not acknowledged, because the carrier is known to have lost something.
    /// </summary>
    public void AskForWhatIsMissing() => ForAllDue(static (receivers, due) => receivers.AskAgain(due));

    /// <summary>Some time has passed.</summary>
    public void Tick() => ForAllDue(static (receivers, due) => receivers.Tick(due));

    /// <summary>Forgets publishers that departed a while ago, or are no nodes and have long been silent.</summary>
    public void Prune()
    {
        lock (_lock)
        {
            _receivers.Prune(participant.Living.IsLiving, participant.Time.GetTimestamp() - participant.Time.TicksOf(Lateness));
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    private bool AcceptNumbered(EnvelopeBatch batch)
    {
        var link = _receivers.Of(batch.From, participant.Time.GetTimestamp());
        AcceptNumbered(link, batch);
        while (link.TryTakeEarly(out var early))
        {
            AcceptNumbered(link, early);
        }

        return link.IsDue;
    }

    private void AcceptNumbered(LinkReceiver link, EnvelopeBatch batch)
    {
        var first = link.Offer(batch, out var isEarly);
        if (isEarly)
        {
            return;
        }

        if (first > 0)
        {
            participant.Metrics.Duplicates(first);
        }

        var next = first;
        for (; next < batch.Envelopes.Length; next++)
        {
            var envelope = batch.Envelopes[next];
            if (!TryAccept(batch.From, envelope, link, out var size, out var waits))
            {
                // What comes behind it waits too, even answers: they must not be taken out of order.
                link.Refuse();
                Refused();
                break;
            }

            link.Take(size, waits);
        }

        participant.Metrics.Received(next - first);
    }

    // Of a room's owner, whose notices nobody sends again.
    private bool AcceptUnnumbered(EnvelopeBatch batch)
    {
        participant.Metrics.Received(batch.Envelopes.Length);
        foreach (var envelope in batch.Envelopes)
        {
            if (!TryAccept(batch.From, envelope, link: null, out _, out _))
            {
                participant.Metrics.Dropped("dispatcher full", 1);
                Refused();
            }
        }

        return false;
    }

    private bool TryAccept(NodeIdentity from, Envelope envelope, LinkReceiver? link, out int size, out bool waits)
    {
        (size, waits) = (0, false);
        if (!EnvelopeCheck.IsSound(envelope))
        {
            // Taken, so that nobody sends it again.
            participant.Metrics.Ignored("malformed");
            return true;
        }

        size = EnvelopeSize.Of(envelope);
        switch (envelope.Kind)
        {
            case EnvelopeKind.SocketsJoined:
                participant.ConfirmJoin(envelope.Namespace, envelope.RequestId, from);
                participant.Requests.OnResponse(from, envelope, size);
                break;
            case EnvelopeKind.DropRoutes:
                // Not behind what waits for handlers: a join of another node waits for it.
                participant.DropRoutes(from, envelope);
                break;
            case EnvelopeKind.RoutesDropped:
            case EnvelopeKind.BroadcastAckCount:
            case EnvelopeKind.BroadcastAck:
            case EnvelopeKind.FetchSocketsResponse:
            case EnvelopeKind.ServerSideEmitResponse:
                participant.Requests.OnResponse(from, envelope, size);
                break;
            default:
                var waiting = Volatile.Read(ref _bytes);
                if (waiting > 0 && waiting + size > participant.Options.MaxReceivedBytes)
                {
                    return false;
                }

                Interlocked.Add(ref _bytes, size);
                waits = _queue.Writer.TryWrite(new Waiting(from, envelope, size, link, link?.Next ?? 0));
                break;
        }

        return true;
    }

    private void Refused()
    {
        if (!_isRefusing)
        {
            Log.DispatcherFull(_logger, participant.Id);
            Volatile.Write(ref _isRefusing, true);
        }
    }

    // Publishers that were refused something hear that there is room, not before half of it is free, so that they do not come one by one.
    private void ResumeIfDrained()
    {
        if (Volatile.Read(ref _isRefusing) && Volatile.Read(ref _bytes) <= participant.Options.MaxReceivedBytes / 2)
        {
            Volatile.Write(ref _isRefusing, false);
            ForAllDue(static (receivers, due) => receivers.Resume(due));
        }
    }

    private void ForAllDue(Action<LinkReceivers, List<NodeIdentity>> act)
    {
        NodeIdentity[] due;
        lock (_lock)
        {
            act(_receivers, _due);
            if (_due.Count == 0)
            {
                return;
            }

            due = [.. _due];
            _due.Clear();
        }

        foreach (var publisher in due)
        {
            participant.Links.Notify(publisher);
        }
    }

    private async Task DispatchAsync()
    {
        await foreach (var (from, envelope, size, link, number) in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            using var delivery = EnvelopeTraces.StartDelivery(envelope, participant.Id);
            try
            {
                // (9) In the publisher's order, to the adapter of the namespace if this is a node.
                receiver.Deliver(from, envelope);
            }
            catch (Exception exception)
            {
                // One namespace's trouble must not end the delivery to all.
                participant.Metrics.Ignored("failed");
                delivery?.SetStatus(ActivityStatusCode.Error, exception.Message);
                Log.DeliveryFailed(_logger, participant.Id, envelope.Kind, from, envelope.Namespace, exception);
            }

            Interlocked.Add(ref _bytes, -size);
            if (link is not null && link.HandOn(number, size))
            {
                TellNow(from, link);
            }

            ResumeIfDrained();
        }
    }

    private void TellNow(NodeIdentity from, LinkReceiver link)
    {
        lock (_lock)
        {
            link.TellNow();
        }

        participant.Links.Notify(from);
    }

    /// <summary>An envelope that waits to be handed on.</summary>
    /// <param name="From">Whose it is.</param>
    /// <param name="Envelope">The envelope.</param>
    /// <param name="Size">Its size.</param>
    /// <param name="Link">The link that it came by, unless it has no number there.</param>
    /// <param name="Number">Its number.</param>
    private readonly record struct Waiting(NodeIdentity From, Envelope Envelope, int Size, LinkReceiver? Link, long Number);
}
