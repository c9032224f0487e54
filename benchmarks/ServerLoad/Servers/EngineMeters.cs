using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansRooms.ServerLoad.Servers;

/// <summary>What the server's own meter says.</summary>
internal sealed class EngineMeters : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _endedByReason = new();
    private readonly MeterListener _listener = new();
    private long _waiting;

    public EngineMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "orleansrooms.engineio.sessions.closed" or "orleansrooms.engineio.send_buffers")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.IsObservable) _waiting = value;
            else _endedByReason.AddOrUpdate(tags[0].Value!.ToString()!, value, (_, before) => before + value);
        });
        _listener.Start();
    }

    /// <summary>How many sessions have ended, by reason, for example <c>ping timeout: 3, transport close: 200</c>.</summary>
    public string Ended() => string.Join(", ", _endedByReason.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}: {entry.Value}"));

    /// <summary>How many bytes wait for clients.</summary>
    public long BytesWaiting()
    {
        _listener.RecordObservableInstruments();
        return _waiting;
    }

    public void Dispose() => _listener.Dispose();
}
