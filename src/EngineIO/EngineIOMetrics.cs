using System.Diagnostics.Metrics;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO;

/// <summary>The server's instruments, in the meter <c>OrleansRooms.EngineIO</c>.</summary>
internal sealed class EngineIOMetrics : IDisposable
{
    public const string MeterName = "OrleansRooms.EngineIO";

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _sessions;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _sessionsRefused;
    private readonly Counter<long> _upgrades;
    private readonly Counter<long> _volatileDropped;
    private readonly Counter<long> _slowConsumers;

    /// <param name="meters">Where meters come from.</param>
    /// <param name="server">The name of the server, which tags everything; <see langword="null"/> for one without a name.</param>
    /// <param name="sessions">The sessions of the server, whose buffers are measured.</param>
    public EngineIOMetrics(IMeterFactory meters, string? server = null, SessionTable? sessions = null)
    {
        _meter = meters.Create(new MeterOptions(MeterName) { Tags = server is null ? null : [new("orleansrooms.server", server)] });
        _meter.CreateObservableGauge("orleansrooms.engineio.send_buffers", () => sessions?.Sum(session => session.BufferedBytes) ?? 0, "By",
            "What waits to be sent to clients or is being written to them; what several share counts for each.");
        _sessions = _meter.CreateUpDownCounter<long>("orleansrooms.engineio.sessions", "{session}", "Sessions that are open or closing.");
        _closed = _meter.CreateCounter<long>("orleansrooms.engineio.sessions.closed", "{session}", "Sessions that ended, by reason.");
        _refused = _meter.CreateCounter<long>(
            "orleansrooms.engineio.requests.refused", "{request}", "Requests refused with a code of the protocol.");
        _sessionsRefused = _meter.CreateCounter<long>("orleansrooms.engineio.sessions.refused", "{session}",
            "Sessions refused because there were too many, by limit.");
        _upgrades = _meter.CreateCounter<long>(
            "orleansrooms.engineio.upgrades", "{upgrade}", "Upgrades from polling to WebSocket, by outcome.");
        _volatileDropped = _meter.CreateCounter<long>("orleansrooms.engineio.volatile.dropped", "{message}",
            "Volatile messages dropped because the transport could not take them at that moment.");
        _slowConsumers = _meter.CreateCounter<long>("orleansrooms.engineio.slow_consumers", "{session}",
            "Sessions closed because their client did not read what was sent to it.");
    }

    public void SessionOpened() => _sessions.Add(1);

    public void SessionClosed(CloseReason reason)
    {
        _sessions.Add(-1);
        if (_closed.Enabled) _closed.Add(1, new KeyValuePair<string, object?>("reason", reason.ToProtocolString()));
    }

    public void RequestRefused(EngineIOError code)
    {
        if (_refused.Enabled) _refused.Add(1, new KeyValuePair<string, object?>("code", (int)code));
    }

    /// <summary>A session was refused because of a limit, which is named as its option is.</summary>
    public void SessionRefused(string limit) => _sessionsRefused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void UpgradeEnded(UpgradeOutcome outcome)
    {
        if (_upgrades.Enabled) _upgrades.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
    }

    public void VolatileDropped() => _volatileDropped.Add(1);

    public void SlowConsumer() => _slowConsumers.Add(1);

    public void Dispose() => _meter.Dispose();
}

/// <summary>What became of an upgrade.</summary>
internal enum UpgradeOutcome
{
    Completed,
    TimedOut,
    Failed,
}
