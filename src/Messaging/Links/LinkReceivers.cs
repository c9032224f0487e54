using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Links;

/// <summary>The receiving ends of all links to one run of this process. Not thread-safe.</summary>
internal sealed class LinkReceivers
{
    private readonly Dictionary<NodeIdentity, LinkReceiver> _receivers = [];

    /// <summary>The end of the link from a publisher, which begins with its first batch.</summary>
    public LinkReceiver Of(NodeIdentity publisher, long now)
    {
        if (!_receivers.TryGetValue(publisher, out var receiver))
        {
            receiver = new LinkReceiver();
            _receivers.Add(publisher, receiver);
        }

        receiver.LastHeard = now;
        return receiver;
    }

    public bool TryGet(NodeIdentity publisher, [NotNullWhen(true)] out LinkReceiver? receiver) =>
        _receivers.TryGetValue(publisher, out receiver);

    /// <summary>Some time has passed.</summary>
    /// <param name="due">Gets the publishers that should be told now how far this end is.</param>
    public void Tick(List<NodeIdentity> due)
    {
        foreach (var (publisher, receiver) in _receivers)
        {
            receiver.Tick();
            if (receiver.IsDue)
            {
                due.Add(publisher);
            }
        }
    }

    /// <summary>There is room again for what was refused.</summary>
    /// <param name="due">Gets the publishers that are asked to send it again.</param>
    public void Resume(List<NodeIdentity> due)
    {
        foreach (var (publisher, receiver) in _receivers)
        {
            receiver.Resume();
            if (receiver.IsDue)
            {
                due.Add(publisher);
            }
        }
    }

    /// <summary>Asks every publisher for what may be missing.</summary>
    public void AskAgain(List<NodeIdentity> due)
    {
        foreach (var (publisher, receiver) in _receivers)
        {
            receiver.AskAgain();
            due.Add(publisher);
        }
    }

    /// <summary>
    /// Forgets publishers that are not living nodes and have been silent since a time: what a departed run sent at last may still be on its
    /// way for a while. One that speaks again after all says itself where its numbers go on.
    /// </summary>
    public void Prune(Func<NodeIdentity, bool> isLiving, long silentSince)
    {
        foreach (var (publisher, receiver) in _receivers)
        {
            if (receiver.LastHeard <= silentSince && !isLiving(publisher))
            {
                _receivers.Remove(publisher);
            }
        }
    }
}
