using System.Collections.Concurrent;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Publishing.Outbound;

namespace OrleansRooms.Publishing.Links;

/// <summary>The links of this node, one to each run of another node that something was sent to.</summary>
internal sealed class NodeLinks(ClusterParticipant participant) : IDisposable
{
    private readonly ConcurrentDictionary<NodeIdentity, NodeLink> _links = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Sends an envelope to a node, behind everything sent to it before.</summary>
    public void Send(NodeIdentity destination, Envelope envelope) => Send(destination, new OutboundMessage(envelope));

    /// <inheritdoc cref="Send(NodeIdentity, Envelope)"/>
    public void Send(NodeIdentity destination, OutboundMessage message)
    {
        if (participant.Living.IsDeparted(destination) || _stopping.IsCancellationRequested)
        {
            participant.Metrics.Dropped("departed", 1);
            return;
        }

        _links.GetOrAdd(destination, static (id, self) => new NodeLink(self.Participant, id, self.Stopping), (Participant: participant, Stopping: _stopping.Token))
            .Send(message);
    }

    /// <summary>Gives up what waits for a node that departed.</summary>
    public void Close(NodeIdentity destination)
    {
        if (_links.TryRemove(destination, out var link))
        {
            participant.Addresses.Forget(destination);
            link.Close();
        }
    }

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_links.Values.Select(link => link.WhenIdleAsync()));

    public void Dispose() => _stopping.Cancel();
}
