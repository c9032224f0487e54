using System.Runtime.CompilerServices;

namespace OrleansRooms.SocketIO.Events;

/// <summary>Which types of results can be an answer: an ack is written as JSON, and not everything comes through.</summary>
internal static class AnswerType
{
    /// <summary>What is wrong with a handler that returns a type; <see langword="null"/> if nothing is.</summary>
    public static string? MistakeOf(Type answer)
    {
        if (answer.IsGenericType && answer.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        {
            return "returns a stream, and an answer is one value: return a list, or emit an event for each item.";
        }

        return answer.IsValueType && typeof(ITuple).IsAssignableFrom(answer)
            ? "returns a tuple, which JSON writes as {}: return a record, or take an EventContext and answer with several values."
            : null;
    }
}
