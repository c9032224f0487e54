using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>
/// The queue slots of this silo. There are always some to spare, whose agents already wait, so that a node that comes does not have to.
/// Orleans asks this class which queues are this silo's: always exactly its own, whatever becomes of other silos. Thread-safe.
/// </summary>
internal sealed class PacketSlots(TimeProvider time) : IStreamQueueBalancer, IStreamQueueMapper
{
    private const int Spare = 2;

    // The agent of a slot may still be busy with the stream that was closed, and would let the next one wait for it.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly List<PacketSlot> _slots = [];
    private readonly Queue<PacketSlot> _fresh = new();
    private readonly Queue<(PacketSlot Slot, long Since)> _resting = new();
    private readonly List<IStreamQueueBalanceListener> _listeners = [];

    /// <summary>A slot that serves nothing yet.</summary>
    public PacketSlot Take()
    {
        PacketSlot slot;
        bool grown;
        lock (_gate)
        {
            if (_resting.TryPeek(out var rested) && time.GetElapsedTime(rested.Since) >= Rest)
            {
                return _resting.Dequeue().Slot;
            }

            grown = Grow(Spare + 1);
            slot = _fresh.Dequeue();
        }

        if (grown)
        {
            Notify();
        }

        return slot;
    }

    /// <summary>Takes a slot back whose stream is closed.</summary>
    public void Return(PacketSlot slot)
    {
        lock (_gate)
        {
            _resting.Enqueue((slot, time.GetTimestamp()));
        }
    }

    /// <summary>The slot of a queue.</summary>
    public PacketSlot SlotOf(QueueId queue)
    {
        lock (_gate)
        {
            return _slots[(int)queue.GetNumericId()];
        }
    }

    public Task Initialize(IStreamQueueMapper queueMapper) => Task.CompletedTask;

    public Task Shutdown() => Task.CompletedTask;

    public IEnumerable<QueueId> GetMyQueues() => GetAllQueues();

    public IEnumerable<QueueId> GetAllQueues()
    {
        lock (_gate)
        {
            Grow(Spare);
            return [.. _slots.Select(slot => slot.Queue)];
        }
    }

    public QueueId GetQueueForStream(StreamId streamId)
    {
        lock (_gate)
        {
            // Orleans does not ask; if it did, any other than the one that serves the stream would be wrong.
            return _slots.Find(slot => slot.Stream is { } stream && stream.Id.Equals(streamId))?.Queue
                ?? throw new ArgumentException($"The home of the stream {streamId} is not this silo.", nameof(streamId));
        }
    }

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_gate)
        {
            _listeners.Add(observer);
            return true;
        }
    }

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer)
    {
        lock (_gate)
        {
            return _listeners.Remove(observer);
        }
    }

    private bool Grow(int fresh)
    {
        var grown = false;
        while (_fresh.Count < fresh)
        {
            // The number in the id is all that tells one queue from another.
            var number = (uint)_slots.Count;
            var slot = new PacketSlot(QueueId.GetQueueId("packets", number, number));
            _slots.Add(slot);
            _fresh.Enqueue(slot);
            grown = true;
        }

        return grown;
    }

    private void Notify()
    {
        IStreamQueueBalanceListener[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners)
        {
            // Not waited for: the spare slots are for that.
            _ = listener.QueueDistributionChangeNotification();
        }
    }
}
