using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>The packet streams whose home is this silo.</summary>
internal sealed partial class LocalPacketStreams : ILocalPacketStreams, ILifecycleParticipant<ISiloLifecycle>
{
    // What waits travels to the node as one message of Orleans; smaller ones let other streams through in between.
    private const long MaxBytesTaken = 1024 * 1024;

    // What silos log and count is under OrleansRooms.Grains, whichever project it is in.
    private const string LogCategory = "OrleansRooms.Grains.PacketStreams.LocalPacketStreams";

    private readonly PacketStreamOptions _options;
    private readonly PacketQueueLimits _limits;
    private readonly PacketSlots _slots;
    private readonly PacketStreamMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<StreamId, OpenStream> _streams = new();
    private readonly Lock _opening = new();
    private ITimer? _sweeping;

    public LocalPacketStreams(
        ILocalSiloDetails silo,
        PacketSlots slots,
        IOptions<PacketStreamOptions> options,
        PacketStreamMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Silo = silo.SiloAddress;
        _slots = slots;
        _options = options.Value;
        _limits = new PacketQueueLimits(_options.MaxQueuedBytes, _options.MaxQueuedEnvelopes, MaxBytesTaken);
        _metrics = metrics;
        _time = time;
        _logger = loggers.CreateLogger(LogCategory);
        metrics.Observe(() => _streams.Count, () => _streams.Sum(stream => stream.Value.Bytes));
    }

    public SiloAddress Silo { get; }

    public bool TryOpen(StreamId stream)
    {
        lock (_opening)
        {
            if (_streams.ContainsKey(stream))
            {
                return true;
            }

            if (_streams.Count >= _options.MaxStreams)
            {
                return false;
            }

            var slot = _slots.Take();
            var opened = new OpenStream(stream, slot, new PacketQueue(_limits, _time), _metrics);
            slot.Serve(opened);
            _streams[stream] = opened;
            return true;
        }
    }

    public PacketStreamOutcome Send(StreamId stream, EnvelopeBatch batch) =>
        _streams.TryGetValue(stream, out var open) ? open.Send(batch) : PacketStreamOutcome.Closed;

    public bool TryRead(StreamId stream, Action<EnvelopeBatch> reader)
    {
        if (!_streams.TryGetValue(stream, out var open))
        {
            return false;
        }

        open.Read(reader);
        return true;
    }

    public void Close(StreamId stream)
    {
        if (TryClose(stream, out var given) && given > 0)
        {
            _metrics.Lost(given);
        }
    }

    /// <summary>Closes the streams that nobody reads any more.</summary>
    public void Sweep()
    {
        foreach (var (id, stream) in _streams)
        {
            if (stream.Unread >= _options.Lease && TryClose(id, out var given))
            {
                _metrics.Lost(given);
                Log.StreamExpired(_logger, id, _options.Lease, given);
            }
        }
    }

    void ILifecycleParticipant<ISiloLifecycle>.Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LocalPacketStreams),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _sweeping = _time.CreateTimer(static self => ((LocalPacketStreams)self!).Sweep(), this, _options.Lease / 4, _options.Lease / 4);
            return Task.CompletedTask;
        },
        async _ =>
        {
            if (_sweeping is { } sweeping)
            {
                await sweeping.DisposeAsync();
            }
        });

    private bool TryClose(StreamId stream, out int given)
    {
        lock (_opening)
        {
            if (!_streams.TryRemove(stream, out var open))
            {
                given = 0;
                return false;
            }

            given = open.Close();
            open.Slot.Serve(null);
            _slots.Return(open.Slot);
            return true;
        }
    }
}
