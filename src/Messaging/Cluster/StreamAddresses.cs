using Orleans.Streams;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>
/// Where packets for each node go, by the directory's views and, for those that are in no directory, by what they said themselves.
/// Thread-safe.
/// </summary>
internal sealed class StreamAddresses(ClusterParticipant participant)
{
    private readonly Lock _lock = new();
    private readonly IPacketStreams _streams = participant.Streams;
    private readonly Dictionary<NodeIdentity, Entry> _entries = [];
    private readonly Signal _news = new();
    private Task _asking = Task.CompletedTask;

    /// <summary>Takes what a view of the directory says.</summary>
    public void Accept(DirectoryView view)
    {
        lock (_lock)
        {
            foreach (var address in view.Streams)
            {
                Put(address);
            }

            foreach (var departed in view.Departed)
            {
                _entries.Remove(departed);
            }
        }
    }

    /// <summary>Takes what somebody says of itself.</summary>
    public void Learn(PacketStreamAddress address)
    {
        lock (_lock)
        {
            Put(address);
        }
    }

    /// <summary>Drops what is known of somebody who is gone.</summary>
    public void Forget(NodeIdentity node)
    {
        lock (_lock)
        {
            _entries.Remove(node);
        }
    }

    /// <summary>
    /// The stream of a node. One that came just now may be unknown here: then the directory is asked, once for all that ask.
    /// </summary>
    /// <exception cref="InvalidOperationException">The directory does not know either.</exception>
    public async ValueTask<IAsyncStream<EnvelopeBatch>> FindAsync(NodeIdentity node, CancellationToken cancellationToken)
    {
        if (Find(node) is { } known)
        {
            return known;
        }

        Task asking;
        lock (_lock)
        {
            asking = _asking.IsCompleted ? _asking = AskAsync() : _asking;
        }

        await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Find(node) ?? throw new InvalidOperationException($"The node directory does not know where packets for {node} go.");
    }

    /// <summary>Waits before a send that failed is tried again, but not longer than until there is a new address.</summary>
    /// <param name="failures">How often it has failed in a row.</param>
    /// <param name="cancellationToken">Stops the wait, which throws then.</param>
    public async Task PauseAsync(int failures, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_news.Next, participant.Recovery.PauseAsync(failures, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private IAsyncStream<EnvelopeBatch>? Find(NodeIdentity node)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(node).Stream;
        }
    }

    private async Task AskAsync()
    {
        await Task.Yield();
        var view = await participant.Directory.GetViewAsync(default, [])
            .WithinAsync(participant.Options.CallTimeout, participant.Time, CancellationToken.None).ConfigureAwait(false);
        if (view is not null)
        {
            Accept(view);
        }
    }

    private void Put(PacketStreamAddress address)
    {
        // Only the node itself changes its address, and counts.
        if (!_entries.TryGetValue(address.Node, out var known) || known.Address.Number < address.Number)
        {
            _entries[address.Node] = new Entry(address, _streams.Get(participant.ClusterKey, address));
            _news.Raise();
        }
    }

    private readonly record struct Entry(PacketStreamAddress Address, IAsyncStream<EnvelopeBatch> Stream);
}
