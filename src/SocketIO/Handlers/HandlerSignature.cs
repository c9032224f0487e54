using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>What a handler takes, and what is wrong with it.</summary>
/// <param name="Parameters">The parameters in their order.</param>
/// <param name="Mistake">What is wrong, in words that go on after the handler's name; <see langword="null"/> if nothing is.</param>
internal sealed record HandlerSignature(IReadOnlyList<HandlerParameter> Parameters, string? Mistake)
{
    /// <summary>Reads the signature of a method.</summary>
    /// <param name="called">The method that is called for an event: one of a class, or the <c>Invoke</c> of a delegate.</param>
    /// <param name="declared">The method that the application wrote, which has the attributes and the default values.</param>
    /// <param name="eventType">What the handler gets: an <see cref="EventContext"/> or a <see cref="ServerEventContext"/>.</param>
    /// <param name="services">Which types are services; <see langword="null"/> when that cannot be known.</param>
    /// <param name="serializer">What reads arguments.</param>
    public static HandlerSignature Of(
        MethodInfo called, MethodInfo declared, Type eventType, IServiceProviderIsService? services, PacketSerializer serializer)
    {
        var own = called.GetParameters();
        var written = declared.GetParameters();
        var parameters = new HandlerParameter[own.Length];
        var arguments = 0;
        var mistake = MistakeOfResult(called, declared);
        for (var i = 0; i < own.Length; i++)
        {
            // A delegate may hide the first parameter of its method, which is its target then, or show the method's instance as one more.
            var description = i + written.Length - own.Length is >= 0 and var index ? written[index] : own[i];
            var type = own[i].ParameterType;
            if (type.IsByRef || description.IsDefined(typeof(ParamArrayAttribute)))
            {
                return new HandlerSignature(
                    [],
                    $"has a parameter \"{description.Name}\" by reference or of variable number: "
                    + "take the arguments one by one, or an EventContext.");
            }

            parameters[i] = HandlerParameter.NoArgument(type, description, eventType, services)
                ?? HandlerParameter.Argument(type, arguments++, description);
            mistake ??= MistakeOf(parameters[i], description.Name, services, serializer);
        }

        return new HandlerSignature(parameters, mistake);
    }

    private static string? MistakeOfResult(MethodInfo called, MethodInfo declared)
    {
        if (called.ReturnType == typeof(void) && declared.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            return "is async void, so nobody would see it fail: return a Task.";
        }

        return AnswerType.MistakeOf(AnswerType.Of(called.ReturnType));
    }

    private static string? MistakeOf(
        HandlerParameter parameter, string? name, IServiceProviderIsService? services, PacketSerializer serializer)
    {
        var type = parameter.Type;
        if (parameter.IsMissing(services))
        {
            return $"has a parameter \"{name}\" that needs a {type}, which is not among the services: add it to builder.Services.";
        }

        if (parameter.Source != ParameterSource.Argument)
        {
            return null;
        }

        if (type == typeof(CancellationToken) || typeof(IRemoteSocket).IsAssignableFrom(type)
            || typeof(EventArguments).IsAssignableFrom(type))
        {
            return $"has a parameter \"{name}\" that asks for a {type.Name}, which this kind of event does not come with: leave it out.";
        }

        return serializer.CanRead(type)
            ? null
            : $"has a parameter \"{name}\" that asks for a {type}, which is no service and which no argument can be read as: "
                + "add it to builder.Services, or take a type that can be made of JSON.";
    }
}
