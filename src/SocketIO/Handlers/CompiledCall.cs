using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Makes calls that cost what one written by hand would.</summary>
[RequiresDynamicCode("Calls are compiled when a handler is registered for the first time.")]
[RequiresUnreferencedCode(TrimmedHandlers.Message)]
internal static class CompiledCall
{
    private static readonly MethodInfo ReadAny = typeof(HandlerParameter).GetMethod(nameof(HandlerParameter.Read))!;
    private static readonly MethodInfo ReadGiven = Method(nameof(ReadArgument));
    private static readonly MethodInfo ReadOrDefault = Method(nameof(ReadOptionalArgument));
    private static readonly MethodInfo AnswerValue = Method(nameof(AnswerAsync));
    private static readonly MethodInfo AnswerTask = Method(nameof(AnswerTaskAsync));
    private static readonly MethodInfo AnswerValueTask = Method(nameof(AnswerValueTaskAsync));

    /// <summary>Makes the call of a method: one of a class, or the <c>Invoke</c> of a delegate.</summary>
    public static HandlerCall Of(MethodInfo method, IReadOnlyList<HandlerParameter> parameters)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var received = Expression.Parameter(typeof(IncomingEvent), "received");
        var services = Expression.Parameter(typeof(IServiceProvider), "services");
        var arguments = parameters.Select(parameter => ValueOf(parameter, received, services));
        var call = Expression.Call(method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!), method, arguments);
        return Expression.Lambda<HandlerCall>(Complete(call, received), target, received, services).Compile();
    }

    private static Expression ValueOf(HandlerParameter parameter, Expression received, Expression services)
    {
        switch (parameter.Source)
        {
            case ParameterSource.Argument when parameter.Default is { } value:
                return Expression.Call(
                    ReadOrDefault.MakeGenericMethod(parameter.Type), received, Expression.Constant(parameter.Index),
                    Expression.Convert(Expression.Constant(value), parameter.Type));
            case ParameterSource.Argument:
                return Expression.Call(ReadGiven.MakeGenericMethod(parameter.Type), received, Expression.Constant(parameter.Index));
            case ParameterSource.Aborted:
                return Expression.Property(Expression.Convert(received, typeof(EventContext)), nameof(EventContext.Aborted));
            default:
                return Expression.Convert(Expression.Call(Expression.Constant(parameter), ReadAny, received, services), parameter.Type);
        }
    }

    private static Expression Complete(Expression call, Expression received)
    {
        var result = call.Type;
        if (result == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask)));
        }

        if (result == typeof(ValueTask))
        {
            return call;
        }

        if (result == typeof(Task))
        {
            return Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, call);
        }

        var answer = AnswerType.Of(result);
        var method = answer == result ? AnswerValue : result.IsValueType ? AnswerValueTask : AnswerTask;
        return Expression.Call(method.MakeGenericMethod(answer), received, call);
    }

    private static T? ReadArgument<T>(IncomingEvent received, int index) => received.Get<T>(index);

    private static T? ReadOptionalArgument<T>(IncomingEvent received, int index, T defaultValue) =>
        index < received.Count ? received.Get<T>(index) : defaultValue;

    private static ValueTask AnswerAsync<TResult>(IncomingEvent received, TResult result) => received.AckOneAsync(result);

    private static async ValueTask AnswerTaskAsync<TResult>(IncomingEvent received, Task<TResult> result) =>
        await received.AckOneAsync(await result);

    private static async ValueTask AnswerValueTaskAsync<TResult>(IncomingEvent received, ValueTask<TResult> result) =>
        await received.AckOneAsync(await result);

    private static MethodInfo Method(string name) => typeof(CompiledCall).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
