using System.Diagnostics.CodeAnalysis;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>What an application that is trimmed, or compiled ahead of time, hears of handlers with typed parameters.</summary>
internal static class TrimmedHandlers
{
    /// <summary>What is needed of handler classes.</summary>
    public const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    public const string Message =
        "The types of the handler's parameters and of its answer are found by reflection, and what they need may have been trimmed. "
        + "A handler that takes an EventContext (or a ServerEventContext) needs none.";
}
