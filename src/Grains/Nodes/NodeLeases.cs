using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// The rules of the node directory: who lives, who departed, under which epoch a node runs, and which generation all living nodes have
/// confirmed.
/// </summary>
/// <remarks>
/// An epoch is the wall clock's milliseconds at registration, and the first generation its ticks at activation, both pushed up where
/// needed, so that they grow even when everything that was known is lost. Leases go by the monotonic clock. Not thread-safe.
/// </remarks>
internal sealed class NodeLeases
{
    // A directory begins with the ticks of its clock and counts on from there: far more than it ever comes to.
    private const long GenerationsOfOneDirectory = TimeSpan.TicksPerMinute;

    private readonly TimeProvider _time;
    private readonly NodeLeaseRules _rules;
    private readonly long _activation;
    private readonly Dictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    private readonly DepartedRuns _departed;
    private readonly HashSet<EndedSilo> _endedSilos = [];

    private long _change;
    private long _lastSweep;
    private long _listeningSince;
    private bool _isListening;
    private long _generation;
    private long _settled;
    private DirectoryView? _view;

    public NodeLeases(TimeProvider time, NodeLeaseRules rules)
    {
        _time = time;
        _rules = rules;
        _departed = new DepartedRuns(time, rules.MaxDeparted);
        _activation = time.GetUtcNow().UtcTicks;
        _generation = _activation;
        _lastSweep = _listeningSince = time.GetTimestamp();
        _isListening = rules.ListenTime > TimeSpan.Zero;
        Settle();
    }

    public DirectoryVersion Version => new(_activation, _change);

    public DirectoryView View => _view ??= MakeView();

    public long Generation => _generation;

    /// <summary>Hears of silos that have ended or are about to.</summary>
    /// <returns>Whether one of them is news, so that the generation has to rise; those known when the directory came up belong to its
    /// first.</returns>
    public bool Know(ImmutableArray<EndedSilo> ended)
    {
        var isNews = false;
        foreach (var silo in ended)
        {
            isNews |= _endedSilos.Add(silo);
        }

        return isNews;
    }

    /// <summary>Owners may have lost what nodes told them: all nodes have to tell them again.</summary>
    public void RaiseGeneration()
    {
        _generation++;
        Changed();
        Settle();
    }

    /// <summary>Starts a run of a node; a former run departs.</summary>
    public NodeIdentity Register(string nodeId, long lastEpoch)
    {
        var epoch = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), Math.Max(lastEpoch, _departed.EpochOf(nodeId)) + 1);
        if (_leases.TryGetValue(nodeId, out var former))
        {
            epoch = Math.Max(epoch, former.Epoch + 1);
            Depart(new NodeIdentity(nodeId, former.Epoch));
        }

        // It has told nobody anything that could have been lost.
        Grant(nodeId, epoch, confirmed: _generation);
        Settle();
        return new NodeIdentity(nodeId, epoch);
    }

    /// <summary>Renews a run's lease, or adopts a run that it never heard of, unless it knows better.</summary>
    /// <param name="node">The run.</param>
    /// <param name="confirmed">The generation that it has confirmed.</param>
    /// <param name="stream">Where packets for it go, if it knows.</param>
    public HeartbeatStatus Heartbeat(NodeIdentity node, long confirmed, PacketStreamAddress? stream = null)
    {
        if (_leases.TryGetValue(node.Id, out var lease) && lease.Epoch == node.Epoch)
        {
            lease.RenewedAt = _time.GetTimestamp();
            if (confirmed > _generation)
            {
                GoBeyond(confirmed);
            }

            if (confirmed > lease.Confirmed && confirmed <= _generation)
            {
                lease.Confirmed = confirmed;
            }
        }
        else if (!TryAdopt(node))
        {
            return HeartbeatStatus.Fenced;
        }
        else
        {
            GoBeyond(confirmed);
        }

        lease = _leases[node.Id];
        if (stream is not null && stream.Node == node && (lease.Stream is null || lease.Stream.Number < stream.Number))
        {
            lease.Stream = stream;
            Changed();
        }

        Settle();
        return HeartbeatStatus.Renewed;
    }

    /// <summary>
    /// Hears which directory somebody knew last. One whose clock was ahead of this one's may have begun generations that owners and nodes
    /// still go by; they go on from behind those.
    /// </summary>
    public void Hear(DirectoryVersion known)
    {
        if (known.Activation > _activation)
        {
            GoBeyond(known.Activation + GenerationsOfOneDirectory);
            Settle();
        }
    }

    /// <summary>Ends a run; also one that is unknown here, so that nobody waits for it.</summary>
    /// <returns>Whether it lived, as far as was known.</returns>
    public bool Leave(NodeIdentity node)
    {
        var lived = _leases.TryGetValue(node.Id, out var lease) && lease.Epoch == node.Epoch;
        if (lived || !IsSuperseded(node))
        {
            _leases.Remove(node.Id);
            Depart(node);
            Settle();
        }

        return lived;
    }

    /// <summary>
    /// Hears of a run that somebody still holds sockets of. It is given a lease if nothing is known of it; if it does not use that, it
    /// departs like any other.
    /// </summary>
    public void Mention(NodeIdentity node)
    {
        if (_leases.TryGetValue(node.Id, out var lease) && lease.Epoch == node.Epoch)
        {
            return;
        }

        if (!TryAdopt(node) && !_departed.Contains(node))
        {
            // Superseded before this directory came to know of it.
            Depart(node);
        }

        Settle();
    }

    /// <summary>Declares the runs departed whose leases have ended, and drops what departed long ago.</summary>
    /// <param name="expired">Takes the runs that have just departed.</param>
    public void Sweep(List<NodeIdentity> expired)
    {
        var now = _time.GetTimestamp();
        var unheard = _time.GetElapsedTime(_lastSweep, now);
        _lastSweep = now;
        if (unheard > _rules.Lease / 2)
        {
            // It was not the nodes that were silent: this process did not run, and their heartbeats may be waiting. Listen anew.
            foreach (var lease in _leases.Values)
            {
                lease.RenewedAt = now;
            }

            _listeningSince = now;
            return;
        }

        _isListening &= _time.GetElapsedTime(_listeningSince, now) < _rules.ListenTime;

        foreach (var (id, lease) in _leases)
        {
            if (_time.GetElapsedTime(lease.RenewedAt, now) >= _rules.Lease)
            {
                expired.Add(new NodeIdentity(id, lease.Epoch));
            }
        }

        foreach (var node in expired)
        {
            _leases.Remove(node.Id);
            Depart(node);
        }

        if (_departed.Forget(_rules.DepartedRetention, now))
        {
            Changed();
        }

        Settle();
    }

    // What is confirmed beyond this directory's generation was a former one's, and no confirmation of anything that this one asks for.
    private void GoBeyond(long generation)
    {
        if (generation >= _generation)
        {
            _generation = generation + 1;
            Changed();
        }
    }

    // The generation that everybody has confirmed; with it, the view is another.
    private void Settle()
    {
        var settled = _isListening ? 0 : _generation;
        foreach (var lease in _leases.Values)
        {
            settled = Math.Min(settled, lease.Confirmed);
        }

        if (settled != _settled)
        {
            _settled = settled;
            Changed();
        }
    }

    private bool TryAdopt(NodeIdentity node)
    {
        if (IsSuperseded(node))
        {
            return false;
        }

        if (_leases.TryGetValue(node.Id, out var former))
        {
            Depart(new NodeIdentity(node.Id, former.Epoch));
        }

        Grant(node.Id, node.Epoch, confirmed: 0);
        return true;
    }

    private bool IsSuperseded(NodeIdentity node) =>
        node.Epoch <= _departed.EpochOf(node.Id) || (_leases.TryGetValue(node.Id, out var lease) && node.Epoch < lease.Epoch);

    private void Grant(string nodeId, long epoch, long confirmed)
    {
        _leases[nodeId] = new Lease { Epoch = epoch, RenewedAt = _time.GetTimestamp(), Confirmed = confirmed };
        Changed();
    }

    private void Depart(NodeIdentity node)
    {
        _departed.Add(node);
        Changed();
    }

    private void Changed()
    {
        _change++;
        _view = null;
    }

    private DirectoryView MakeView()
    {
        var living = ImmutableArray.CreateBuilder<NodeIdentity>(_leases.Count);
        var streams = ImmutableArray.CreateBuilder<PacketStreamAddress>(_leases.Count);
        foreach (var (id, lease) in _leases)
        {
            living.Add(new NodeIdentity(id, lease.Epoch));
            if (lease.Stream is not null)
            {
                streams.Add(lease.Stream);
            }
        }

        return new DirectoryView(Version, living.MoveToImmutable(), _departed.ToImmutableArray(), _generation, _settled)
        {
            Streams = streams.DrainToImmutable(),
        };
    }

    private sealed class Lease
    {
        public required long Epoch { get; init; }

        public required long RenewedAt { get; set; }

        public required long Confirmed { get; set; }
        public PacketStreamAddress? Stream { get; set; }
    }
}
