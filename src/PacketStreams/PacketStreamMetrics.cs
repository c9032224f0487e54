using System.Diagnostics.Metrics;

namespace OrleansRooms.PacketStreams;

/// <summary>What a silo counts of the packet streams at home in it.</summary>
internal sealed class PacketStreamMetrics
{
    // What silos log and count is under OrleansRooms.Grains, whichever project it is in.
    public const string MeterName = "OrleansRooms.Grains";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lost;

    public PacketStreamMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _refused = _meter.CreateCounter<long>(
            "orleansrooms.streams.batches.refused", "{batch}",
            "Batches refused because too much waited for their node; publishers send them again.");
        _lost = _meter.CreateCounter<long>(
            "orleansrooms.streams.envelopes.lost", "{envelope}",
            "Envelopes that could not be delivered or waited in a stream that was closed; publishers' links notice.");
    }

    public void Observe(Func<int> streams, Func<long> bytes)
    {
        _meter.CreateObservableUpDownCounter("orleansrooms.streams.open", streams, "{stream}", "Packet streams whose home is this silo.");
        _meter.CreateObservableUpDownCounter("orleansrooms.streams.queued", bytes, "By", "Bytes that wait for nodes in this silo.");
    }

    public void Refused() => _refused.Add(1);

    public void Lost(int envelopes)
    {
        if (envelopes > 0)
        {
            _lost.Add(envelopes);
        }
    }
}
