using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Tests.Links;

/// <summary>A model of what may happen to batches on their way in one direction.</summary>
internal sealed class UnreliableCarrier
{
    private readonly List<EnvelopeBatch> _underWay = [];

    public bool IsEmpty => _underWay.Count == 0;

    public void Send(EnvelopeBatch batch) => _underWay.Add(batch);

    /// <summary>Takes the oldest batch, which is 0, or another when they are reordered.</summary>
    public EnvelopeBatch? Deliver(int which)
    {
        if (IsEmpty) return null;
        var batch = _underWay[which % _underWay.Count];
        _underWay.RemoveAt(which % _underWay.Count);
        return batch;
    }

    public void Double(int which)
    {
        if (!IsEmpty) _underWay.Add(_underWay[which % _underWay.Count]);
    }

    public void Lose(int which)
    {
        if (!IsEmpty) _underWay.RemoveAt(which % _underWay.Count);
    }

    /// <summary>The silo dies that holds all of it.</summary>
    public void LoseAll() => _underWay.Clear();
}
