namespace OrleansRooms.EngineIO.Requests;

/// <summary>The transports as the query parameter <c>transport</c> names them.</summary>
internal static class TransportNames
{
    public const string Polling = "polling";
    public const string WebSocket = "websocket";

    /// <summary>Reads a name; anything unknown, <c>webtransport</c> included, is <see cref="EngineTransport.None"/>.</summary>
    public static EngineTransport Parse(string name) => name switch
    {
        Polling => EngineTransport.Polling,
        WebSocket => EngineTransport.WebSocket,
        _ => EngineTransport.None,
    };
}
