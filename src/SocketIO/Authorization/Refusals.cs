namespace OrleansRooms.SocketIO.Authorization;

/// <summary>What clients are told that may not enter a namespace.</summary>
internal static class Refusals
{
    /// <summary>The <c>err.message</c> of clients that a policy or a token keeps out.</summary>
    public const string Unauthorized = "Unauthorized";
}
