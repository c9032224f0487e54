using System.Runtime.CompilerServices;

namespace OrleansRooms.SocketIO.Events;

/// <summary>Which types of results can be an answer: an ack is written as JSON, and not everything comes through.</summary>
internal static class AnswerType
{
    /// <summary>What a handler answers with that returns a type: what its task results in, if it is one.</summary>
    public static Type Of(Type result) =>
        result.IsGenericType && result.GetGenericTypeDefinition() is var definition
            && (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
            ? result.GetGenericArguments()[0]
            : result;

    /// <summary>What is wrong with a handler that answers with a type; <see langword="null"/> if nothing is.</summary>
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
