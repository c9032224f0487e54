using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Links;

/// <summary>The links of this process, one to each run of another process that something was sent to or came from.</summary>
internal sealed partial class NodeLinks(ClusterParticipant participant) : IDisposable
{
    // An emitter is in no directory: nobody says that it is gone. Longer than any pause after which it could still want to hear something.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<NodeIdentity, NodeLink> _links = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = participant.Loggers.CreateLogger<NodeLinks>();
    private long _firstNumber = 1;

    // Of the last answer that was, until links are looked through again: those that follow are counted, and not logged one by one.
    private int _tooLargeSize;

    /// <summary>
    /// Sends a node an answer, or what is the cluster's own, behind what was sent to it in this way before. It takes no room from packets,
    /// nor do packets from it. Of an answer that is more than the cluster carries in one message the node hears that there is none.
    /// </summary>
    public void Send(NodeIdentity destination, Envelope envelope)
    {
        var size = EnvelopeSize.Of(envelope);
        if (size > participant.Options.MaxMessageBytes && envelope.Kind != EnvelopeKind.DropRoutes)
        {
            envelope = Without(envelope, size, destination);
        }

        FindOrDrop(destination)?.Answer(envelope);
    }

    /// <summary>Begins an answer to a node that may be long, and goes out as fast as the node takes it.</summary>
    /// <returns><see langword="null"/> when the node departed.</returns>
    public NodeLink? FindOrDrop(NodeIdentity destination)
    {
        if (Find(destination) is { } link)
        {
            return link;
        }

        participant.Metrics.Dropped("departed", 1);
        return null;
    }

    /// <summary>Queues a message for a node, behind everything sent to it before.</summary>
    /// <returns>The link, whose <see cref="NodeLink.Notify"/> sets it going; <see langword="null"/> when the node departed.</returns>
    public NodeLink? Add(NodeIdentity destination, OutboundMessage message)
    {
        var link = FindOrDrop(destination);
        link?.Add(message);
        return link;
    }

    /// <summary>There is something to tell a publisher.</summary>
    public void Notify(NodeIdentity publisher) => Find(publisher)?.Notify();

    /// <summary>The other end of a link says how far it is.</summary>
    public void OnAcknowledged(NodeIdentity from, LinkAcknowledgement acknowledgement)
    {
        if (_links.TryGetValue(from, out var link) || (acknowledgement.SendAgain && (link = Find(from)) is not null))
        {
            link.OnAcknowledged(acknowledgement);
        }
    }

    /// <summary>Some time has passed.</summary>
    public void Tick()
    {
        foreach (var (_, link) in _links)
        {
            link.Tick();
        }
    }

    /// <summary>Gives up what waits for a node that departed.</summary>
    public void Close(NodeIdentity destination)
    {
        if (_links.TryRemove(destination, out var link))
        {
            // Should it speak after all, its next link counts from numbers that it cannot have heard of: a run that a directory declared
            // departed goes on as it was when that directory is lost and the next knows nothing of it.
            _firstNumber = Math.Max(_firstNumber, link.NextNumber);
            participant.Addresses.Forget(destination);
            link.Close();
        }
    }

    /// <summary>Forgets links that have long been silent to processes that no directory lists.</summary>
    public void Prune()
    {
        Volatile.Write(ref _tooLargeSize, 0);
        foreach (var (destination, link) in _links)
        {
            if (!link.IsToNode && participant.Time.GetElapsedTime(link.LastUsed) >= Lifetime)
            {
                Close(destination);
            }
        }
    }

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_links.Values.Select(link => link.WhenIdleAsync()));

    public void Dispose() => _stopping.Cancel();

    private Envelope Without(Envelope answer, int size, NodeIdentity destination)
    {
        participant.Metrics.Dropped("too large", 1);
        if (Interlocked.Exchange(ref _tooLargeSize, size) == 0)
        {
            Log.AnswerTooLarge(_logger, participant.Id, answer.Kind, destination, size, participant.Options.MaxMessageBytes);
        }

        return answer with
        {
            Payload = [],
            Attachments = [],
            Count = 0,
            Flags = answer.Flags | EnvelopeFlags.Failed,
        };
    }

    private NodeLink? Find(NodeIdentity destination)
    {
        if (participant.Living.IsDeparted(destination) || _stopping.IsCancellationRequested)
        {
            return null;
        }

        if (_links.TryGetValue(destination, out var known))
        {
            return known;
        }

        var link = _links.GetOrAdd(
            destination,
            static (id, self) => new NodeLink(self.Participant, id, self.First, self.Stopping),
            (Participant: participant, First: _firstNumber, Stopping: _stopping.Token));
        if (!participant.Living.IsDeparted(destination))
        {
            return link;
        }

        // It departed between the two looks, and whoever closes links may not have found this one.
        Close(destination);
        return null;
    }
}
