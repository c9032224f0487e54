namespace OrleansRooms.EngineIO;

/// <summary>The ways in which Engine.IO packets travel.</summary>
[Flags]
public enum EngineTransport
{
    /// <summary>No transport.</summary>
    None = 0,

    /// <summary>HTTP long-polling: GET receives, POST sends.</summary>
    Polling = 1,

    /// <summary>One WebSocket.</summary>
    WebSocket = 2,

    /// <summary>Both, with the upgrade from polling to WebSocket.</summary>
    All = Polling | WebSocket,
}
