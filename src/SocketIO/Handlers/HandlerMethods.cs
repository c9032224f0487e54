using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Finds the event methods of a handler class and has them bound.</summary>
internal static class HandlerMethods
{
    /// <summary>The methods of a class that handle events, one per event.</summary>
    /// <param name="handler">The class.</param>
    /// <param name="binder">What makes calls of them.</param>
    /// <exception cref="InvalidOperationException">A method cannot handle its event; the message says what to change.</exception>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static IReadOnlyList<HandlerMethod> Find(
        [DynamicallyAccessedMembers(TrimmedHandlers.Members)] Type handler, HandlerBinder binder)
    {
        var found = new Dictionary<string, HandlerMethod>(StringComparer.Ordinal);
        foreach (var method in handler.GetMethods(
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        {
            foreach (var attribute in method.GetCustomAttributes<SocketEventAttribute>())
            {
                Check(method, attribute.Name);
                if (found.TryGetValue(attribute.Name, out var other))
                {
                    throw Mistake(method, $"handles \"{attribute.Name}\", as {other.Place} does: leave the event to one of them.");
                }

                var call = binder.Bind(method, out var mistake) ?? throw Mistake(method, mistake!);
                found[attribute.Name] = new HandlerMethod(
                    attribute.Name, $"{method.DeclaringType}.{method.Name}", call, AuthorizeDataOf(method));
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
            throw Mistake(method,
                $"handles \"{eventName}\", which no client can emit: choose another name; for connections override OnConnectedAsync " +
                "and the like.");
        }

        if (!method.IsPublic || method.ContainsGenericParameters)
        {
            throw Mistake(method, $"handles \"{eventName}\", so it has to be public and not generic.");
        }
    }

    private static InvalidOperationException Mistake(MethodInfo method, string what) => new($"{method.DeclaringType}.{method.Name} {what}");
}
