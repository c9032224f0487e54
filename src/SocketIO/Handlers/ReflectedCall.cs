using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Makes calls in processes that cannot compile, because they were compiled ahead of time.</summary>
[RequiresUnreferencedCode(TrimmedHandlers.Message)]
internal static class ReflectedCall
{
    /// <summary>Makes the call of a method: one of a class, or the <c>Invoke</c> of a delegate.</summary>
    public static HandlerCall Of(MethodInfo method, IReadOnlyList<HandlerParameter> parameters) => (target, received, services) =>
    {
        var values = new object?[parameters.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = parameters[i].Read(received, services);
        }

        var result = method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, values, culture: null);
        return method.ReturnType == typeof(void) ? default
            : method.ReturnType == typeof(ValueTask) ? (ValueTask)result!
            : method.ReturnType == typeof(Task) ? new ValueTask((Task)result!)
            : AnswerAsync(received, result, method.ReturnType);
    };

    private static async ValueTask AnswerAsync(IncomingEvent received, object? result, Type type)
    {
        if (AnswerType.Of(type) != type)
        {
            var asTask = type.GetMethod(nameof(ValueTask<>.AsTask));
            var task = (Task)(asTask is null ? result : asTask.Invoke(result, null))!;
            await task;
            result = (asTask?.ReturnType ?? type).GetProperty(nameof(Task<>.Result))!.GetValue(task);
        }

        await received.AckOneAsync(result);
    }
}
