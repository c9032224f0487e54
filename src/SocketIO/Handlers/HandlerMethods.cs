using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Finds the event methods of a handler class and makes delegates of them.</summary>
internal static class HandlerMethods
{
    private static readonly MethodInfo Read = Method(nameof(ReadArgument));
    private static readonly MethodInfo ReadOrDefault = Method(nameof(ReadOptionalArgument));
    private static readonly MethodInfo GetService = Method(nameof(GetRequiredService));
    private static readonly MethodInfo GetKeyedService = Method(nameof(GetRequiredKeyedService));
    private static readonly MethodInfo AnswerValue = Answer(result => result);
    private static readonly MethodInfo AnswerTask = Answer(result => typeof(Task<>).MakeGenericType(result));
    private static readonly MethodInfo AnswerValueTask = Answer(result => typeof(ValueTask<>).MakeGenericType(result));

    /// <summary>The methods of a class that handle events, one per event.</summary>
    /// <param name="handler">The class.</param>
    /// <param name="services">Which types are services; <see langword="null"/> when that cannot be known.</param>
    /// <exception cref="InvalidOperationException">A method cannot handle its event; the message says what to change.</exception>
    public static IReadOnlyList<HandlerMethod> Find(Type handler, IServiceProviderIsService? services)
    {
        var found = new Dictionary<string, HandlerMethod>(StringComparer.Ordinal);
        foreach (var method in handler.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            foreach (var attribute in method.GetCustomAttributes<SocketEventAttribute>())
            {
                Check(method, attribute.Name);
                if (found.TryGetValue(attribute.Name, out var other))
                {
                    throw Mistake(method, $"handles \"{attribute.Name}\", as {other.Place} does: leave the event to one of them.");
                }

                found[attribute.Name] = new HandlerMethod(
                    attribute.Name, $"{method.DeclaringType}.{method.Name}", Compile(method, services), AuthorizeDataOf(method));
            }
        }

        return [.. found.Values];
    }

    private static IAuthorizeData[] AuthorizeDataOf(MethodInfo method) =>
        method.GetCustomAttributes().OfType<IAllowAnonymous>().Any() ? [] : [.. method.GetCustomAttributes().OfType<IAuthorizeData>()];

    private static void Check(MethodInfo method, string eventName)
    {
        if (string.IsNullOrEmpty(eventName) || ReservedEvents.Contains(eventName))
        {
            throw Mistake(method, $"handles \"{eventName}\", which no client can emit: choose another name; for connections override OnConnectedAsync and the like.");
        }

        if (!method.IsPublic || method.ContainsGenericParameters)
        {
            throw Mistake(method, $"handles \"{eventName}\", so it has to be public and not generic.");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            throw Mistake(method, "is async void, so nobody would see it fail: return a Task.");
        }

        CheckAnswer(method);
    }

    private static void CheckAnswer(MethodInfo method)
    {
        var answer = Definition(method.ReturnType) is { } task && (task == typeof(Task<>) || task == typeof(ValueTask<>))
            ? method.ReturnType.GetGenericArguments()[0]
            : method.ReturnType;
        if (AnswerType.MistakeOf(answer) is { } mistake)
        {
            throw Mistake(method, mistake);
        }
    }

    private static Type? Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : null;

    private static Func<SocketIONamespaceHandler, EventContext, IServiceProvider, ValueTask> Compile(MethodInfo method, IServiceProviderIsService? services)
    {
        var handler = Expression.Parameter(typeof(SocketIONamespaceHandler), "handler");
        var context = Expression.Parameter(typeof(EventContext), "context");
        var provider = Expression.Parameter(typeof(IServiceProvider), "services");
        var argumentCount = 0;
        var arguments = method.GetParameters().Select(parameter => Bind(parameter, context, provider, services, ref argumentCount)).ToArray();
        var call = Expression.Call(method.IsStatic ? null : Expression.Convert(handler, method.DeclaringType!), method, arguments);
        return Expression.Lambda<Func<SocketIONamespaceHandler, EventContext, IServiceProvider, ValueTask>>(
            Complete(call, context), handler, context, provider).Compile();
    }

    private static Expression Bind(
        ParameterInfo parameter, Expression context, Expression provider, IServiceProviderIsService? services, ref int argumentCount)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef || parameter.IsDefined(typeof(ParamArrayAttribute)))
        {
            throw Mistake(
                (MethodInfo)parameter.Member, $"has a parameter \"{parameter.Name}\" by reference or of variable number: take the arguments one by one, or an EventContext.");
        }

        if (type == typeof(ISocket) || type == typeof(IRemoteSocket))
        {
            return Expression.Property(context, nameof(EventContext.Socket));
        }

        if (type == typeof(INamespace))
        {
            return Expression.Property(Expression.Property(context, nameof(EventContext.Socket)), nameof(ISocket.Namespace));
        }

        if (type.IsAssignableFrom(typeof(EventContext)) && typeof(EventArguments).IsAssignableFrom(type))
        {
            return context;
        }

        if (type == typeof(CancellationToken))
        {
            return Expression.Property(context, nameof(EventContext.Aborted));
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return Expression.Call(GetKeyedService.MakeGenericMethod(type), provider, Expression.Constant(keyed.Key, typeof(object)));
        }

        if (parameter.GetCustomAttributes().Any(attribute => attribute is IFromServiceMetadata) || IsService(type, services))
        {
            return Expression.Call(GetService.MakeGenericMethod(type), provider);
        }

        var index = Expression.Constant(argumentCount++);
        return parameter.HasDefaultValue
            ? Expression.Call(ReadOrDefault.MakeGenericMethod(type), context, index, DefaultOf(parameter))
            : Expression.Call(Read.MakeGenericMethod(type), context, index);
    }

    // Every sequence counts as a service, even of what nobody registered: what it is a sequence of decides.
    private static bool IsService(Type type, IServiceProviderIsService? services) =>
        services is not null
        && services.IsService(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>) ? type.GetGenericArguments()[0] : type);

    private static Expression DefaultOf(ParameterInfo parameter) => parameter.DefaultValue is { } value
        ? Expression.Convert(Expression.Constant(value), parameter.ParameterType)
        : Expression.Default(parameter.ParameterType);

    private static Expression Complete(Expression call, Expression context)
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

        var definition = Definition(result);
        return definition == typeof(Task<>) ? Expression.Call(AnswerTask.MakeGenericMethod(result.GetGenericArguments()), context, call)
            : definition == typeof(ValueTask<>) ? Expression.Call(AnswerValueTask.MakeGenericMethod(result.GetGenericArguments()), context, call)
            : Expression.Call(AnswerValue.MakeGenericMethod(result), context, call);
    }

    private static T? ReadArgument<T>(EventContext context, int index) => context.Get<T>(index);

    private static T? ReadOptionalArgument<T>(EventContext context, int index, T defaultValue) =>
        index < context.Count ? context.Get<T>(index) : defaultValue;

    private static T GetRequiredService<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();

    private static T GetRequiredKeyedService<T>(IServiceProvider services, object? key)
        where T : notnull => services.GetRequiredKeyedService<T>(key);

    private static MethodInfo Method(string name) => typeof(HandlerMethods).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static MethodInfo Answer(Func<Type, Type> parameter) => typeof(TypedHandlers)
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Single(method => method.Name == nameof(TypedHandlers.Answer)
            && method.GetParameters()[1].ParameterType == parameter(method.GetGenericArguments()[0]));

    private static InvalidOperationException Mistake(MethodInfo method, string what) => new($"{method.DeclaringType}.{method.Name} {what}");
}
