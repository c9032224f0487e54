using System.Net;

namespace OrleansRooms.TestKit.Wire;

/// <summary>The server did not switch to WebSocket.</summary>
public sealed class UpgradeRefusedException(HttpStatusCode status, Exception innerException)
    : Exception($"The server answered the upgrade with {(int)status}.", innerException)
{
    /// <summary>What it answered.</summary>
    public HttpStatusCode Status => status;
}
