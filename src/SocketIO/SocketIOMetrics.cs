using System.Diagnostics.Metrics;

namespace OrleansRooms.SocketIO;

/// <summary>The server's instruments, in the meter <c>OrleansRooms.SocketIO</c>.</summary>
internal sealed class SocketIOMetrics : IDisposable
{
    public const string MeterName = "OrleansRooms.SocketIO";

    private readonly Meter _meter;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _refusedJoins;
    private readonly Counter<long> _connectsRefused;
    private readonly Counter<long> _unheard;

    /// <param name="meters">Where meters come from.</param>
    /// <param name="server">The name of the server, which tags everything; <see langword="null"/> for one without a name.</param>
    public SocketIOMetrics(IMeterFactory meters, string? server = null)
    {
        _meter = meters.Create(new MeterOptions(MeterName) { Tags = server is null ? null : [new("orleansrooms.server", server)] });
        _recoveries = _meter.CreateCounter<long>("orleansrooms.socketio.recoveries", "{attempt}",
            "Clients that asked for the socket they had, by outcome.");
        _forgotten = _meter.CreateCounter<long>("orleansrooms.socketio.recovery.forgotten", "{item}",
            "Sessions and packets that went before their time because a limit of connection state recovery was reached, by kind.");
        _refusedJoins = _meter.CreateCounter<long>("orleansrooms.socketio.joins.refused", "{join}",
            "Joins that others made sockets do and that a limit of rooms refused.");
        _connectsRefused = _meter.CreateCounter<long>("orleansrooms.socketio.connects.refused", "{attempt}",
            "Clients refused a namespace because a limit was reached, by limit.");
        _unheard = _meter.CreateCounter<long>("orleansrooms.socketio.events.unheard", "{event}",
            "Events that their listeners did not hear of because too many waited for them, by kind.");
    }

    public void JoinRefused() => _refusedJoins.Add(1);

    public void RecoveryEnded(RecoveryOutcome outcome)
    {
        if (_recoveries.Enabled)
        {
            _recoveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
        }
    }

    public void RecoveryForgotten(string kind, int count) => _forgotten.Add(count, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A client was not let into a namespace because of a limit, which is named as its option is.</summary>
    public void ConnectRefused(string limit) => _connectsRefused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void EventUnheard(string kind) => _unheard.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Dispose() => _meter.Dispose();
}

/// <summary>What became of a client's wish to have its socket back.</summary>
internal enum RecoveryOutcome
{
    /// <summary>It has it, or is about to.</summary>
    Recovered,

    /// <summary>The socket, or something that it missed, is not kept: never was, not any more, or has been given back before.</summary>
    Unknown,

    /// <summary>A middleware refused the client, or it went away again.</summary>
    Abandoned,
}
