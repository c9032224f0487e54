using System.Runtime.InteropServices;
using OrleansRooms.Messaging;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Emitter.Cluster;

/// <summary>
/// The ways out of the namespaces that are emitted to, opened when they are needed. Those that have not been needed for a while are closed
/// when there are many, since namespaces may be made up at any rate. Thread-safe.
/// </summary>
internal sealed class EmitterQueues(ClusterParticipant participant)
{
    /// <summary>How many namespaces are kept open without a look at when they were used.</summary>
    internal const int Many = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Way> _ways = new(StringComparer.Ordinal);

    // A publisher remembers joins that it brought about for twice the time that they may take; until then it must stay.
    private readonly TimeSpan _idleTime = (2 * participant.Options.JoinTimeout) + TimeSpan.FromMinutes(1);
    private int _nextLook = Many;
    private bool _isClosed;

    /// <summary>How many namespaces are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ways.Count;
            }
        }
    }

    /// <summary>Puts a message behind everything sent in its namespace. Never fails.</summary>
    /// <returns>Completes when the caller may send more: see <see cref="Publisher.Send"/>.</returns>
    public Task Send(string ns, OutboundMessage message)
    {
        // Under the lock as a whole: a way that was found must not be closed before the message is on it.
        lock (_lock)
        {
            if (_isClosed)
            {
                participant.Metrics.Dropped("stopped", 1);
                message.Request?.Refuse();
                return Task.CompletedTask;
            }

            ref var way = ref CollectionsMarshal.GetValueRefOrAddDefault(_ways, ns, out var isKnown);
            way.LastUsed = participant.Time.GetTimestamp();
            way.Publisher ??= participant.OpenPublisher(ns);
            var sent = way.Publisher.Send(message);
            if (!isKnown && _ways.Count > _nextLook)
            {
                CloseIdle();
            }

            return sent;
        }
    }

    /// <summary>Takes nothing more and gives up what waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var (_, way) in _ways)
            {
                way.Publisher!.Dispose();
            }
        }
    }

    private void CloseIdle()
    {
        foreach (var (ns, way) in _ways)
        {
            if (way.Publisher!.IsEmpty && participant.Time.GetElapsedTime(way.LastUsed) > _idleTime)
            {
                way.Publisher.Dispose();
                _ways.Remove(ns);
            }
        }

        // Not for every new one, should all be in use.
        _nextLook = Math.Max(Many, _ways.Count * 2);
    }

    private struct Way
    {
        public Publisher? Publisher { get; set; }

        public long LastUsed { get; set; }
    }
}
