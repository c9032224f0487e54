using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO;

/// <summary>An argument of an event or of an answer is of another kind than the one that was asked for.</summary>
public sealed class EventArgumentException : Exception
{
    internal EventArgumentException(string eventName, int index, Type type, Exception innerException)
        : base($"Argument {index} of \"{new LogText(eventName)}\" cannot be read as {type}.", innerException)
    {
        EventName = eventName;
        Index = index;
    }

    /// <summary>The event.</summary>
    public string EventName { get; }

    /// <summary>The position of the argument, from 0.</summary>
    public int Index { get; }
}
