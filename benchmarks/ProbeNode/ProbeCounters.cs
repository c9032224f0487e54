using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace OrleansRooms.ProbeNode;

/// <summary>
/// What the process has done since its start, for a benchmark that looks before and after: a line with name and value for each counter.
/// Meters are listened to on demand, because Orleans does more for a message while somebody listens.
/// </summary>
internal sealed class ProbeCounters : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _metered = new();
    private readonly Lock _lock = new();
    private MeterListener? _listener;

    /// <summary>Serves the counters under <c>/counters</c>.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/counters", Read);
        app.MapPut("/counters/meters", ListenToMeters);
        app.MapDelete("/counters/meters", Dispose);
    }

    public string Read()
    {
        var text = new StringBuilder();
        Append("work-items", ThreadPool.CompletedWorkItemCount);
        Append("allocated-bytes", GC.GetTotalAllocatedBytes());
        Append("lock-contentions", Monitor.LockContentionCount);
        lock (_lock)
        {
            _listener?.RecordObservableInstruments();
        }

        foreach (var (name, value) in _metered)
        {
            Append(name, value);
        }

        return text.ToString();

        void Append(string name, long value) => text.Append(name).Append(' ').Append(value).Append('\n');
    }

    public void ListenToMeters()
    {
        lock (_lock)
        {
            if (_listener is not null)
            {
                return;
            }

            _listener = new MeterListener
            {
                InstrumentPublished = static (instrument, listener) =>
                {
                    if (instrument.Meter.Name.StartsWith("OrleansRooms.", StringComparison.Ordinal)
                        || instrument.Meter.Name == "Microsoft.Orleans")
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Note(instrument, value));
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument, value));
            _listener.Start();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            // What is not counted any more must not look like something that does not happen.
            _metered.Clear();
        }
    }

    private void Note(Instrument instrument, long value)
    {
        switch (instrument)
        {
            case ObservableInstrument<int> or ObservableInstrument<long>:
                // A total already.
                _metered[instrument.Name] = value;
                break;
            case Histogram<int> or Histogram<long>:
                Add($"{instrument.Name}.count", 1);
                Add($"{instrument.Name}.sum", value);
                break;
            default:
                Add(instrument.Name, value);
                break;
        }

        void Add(string name, long amount) => _metered.AddOrUpdate(name, amount, (_, total) => total + amount);
    }
}
