using Microsoft.Extensions.Logging;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>What all sessions of a server share.</summary>
internal sealed record SessionServices(
    EngineIOOptions Options,
    TimeProvider Time,
    HeartbeatClock Clock,
    SessionTable Sessions,
    Rundown Rundown,
    Farewells Farewells,
    Leavers Leavers,
    EngineIOMetrics Metrics,
    ILogger Logger);
