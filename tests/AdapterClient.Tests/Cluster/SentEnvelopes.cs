using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Counts, by the node's own metric, the envelopes that a node sends to each other node.</summary>
internal sealed class SentEnvelopes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _sent = new();
    private readonly HostedNode _node;

    public SentEnvelopes(HostedNode node)
    {
        _node = node;
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Every host has its own meters of the same name.
            if (instrument.Name == "orleansrooms.messaging.envelopes.sent" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var (key, value) in tags)
            {
                // Acknowledgements that nothing came to ride with carry none.
                if (key == "destination" && count > 0) _sent.AddOrUpdate((string)value!, count, (_, sum) => sum + count);
            }
        });
        _listener.Start();
    }

    /// <summary>Does something and returns, by node, how many envelopes went out for it.</summary>
    public async Task<Dictionary<string, long>> CountAsync(Func<Task> act)
    {
        await _node.Node.WhenSentAsync();
        _sent.Clear();
        await act();
        await _node.Node.WhenSentAsync();
        return new Dictionary<string, long>(_sent);
    }

    public void Dispose() => _listener.Dispose();
}
