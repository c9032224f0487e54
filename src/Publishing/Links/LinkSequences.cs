using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Links;

/// <summary>How far this node has read what each publisher numbered for it. Not thread-safe.</summary>
internal sealed class LinkSequences
{
    private readonly Dictionary<NodeIdentity, Progress> _progress = [];

    /// <summary>Notes a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="now">The time stamp of its arrival.</param>
    /// <param name="lost">How many envelopes are missing before it.</param>
    /// <returns>How many of its first envelopes were here before.</returns>
    public int Accept(EnvelopeBatch batch, long now, out long lost)
    {
        lost = 0;
        if (batch.Sequence <= 0)
        {
            return 0;
        }

        if (!_progress.TryGetValue(batch.From, out var progress))
        {
            progress = new Progress();
            _progress.Add(batch.From, progress);
        }

        progress.LastHeard = now;
        var repeated = Math.Clamp(progress.Last - batch.Sequence + 1, 0, batch.Envelopes.Length);
        lost = Math.Max(0, batch.Sequence - progress.Last - 1);
        progress.Last = Math.Max(progress.Last, batch.Sequence + batch.Envelopes.Length - 1);
        return (int)repeated;
    }

    /// <summary>Forgets runs that departed and have been silent since a time: what they sent at last may still be on its way for a while.</summary>
    public void Prune(Func<NodeIdentity, bool> isDeparted, long silentSince)
    {
        foreach (var (node, progress) in _progress)
        {
            if (progress.LastHeard <= silentSince && isDeparted(node))
            {
                _progress.Remove(node);
            }
        }
    }

    private sealed class Progress
    {
        public long Last { get; set; }

        public long LastHeard { get; set; }
    }
}
