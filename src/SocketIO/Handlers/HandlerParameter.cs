using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Where a parameter of a handler gets its value.</summary>
internal enum ParameterSource
{
    /// <summary>The event's next argument.</summary>
    Argument,

    /// <summary>The event itself.</summary>
    Event,

    /// <summary>The socket that received it.</summary>
    Socket,

    /// <summary>The namespace in which it was received.</summary>
    Namespace,

    /// <summary>What is cancelled when the socket disconnects.</summary>
    Aborted,

    /// <summary>A service, recognised by its type or marked as one.</summary>
    Service,

    /// <summary>A service that has a key.</summary>
    KeyedService,
}

/// <summary>A parameter of a handler: its type, and where its value comes from.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Source">Where its value comes from.</param>
internal sealed record HandlerParameter(Type Type, ParameterSource Source)
{
    /// <summary>Which argument it is, from 0.</summary>
    public int Index { get; private init; }

    /// <summary>What it is when the sender left the argument out; <see langword="null"/> for the default of its type.</summary>
    public object? Default { get; private init; }

    /// <summary>The key of the service.</summary>
    public object? Key { get; private init; }

    /// <summary>Whether its value is a service.</summary>
    public bool IsService => Source is ParameterSource.Service or ParameterSource.KeyedService;

    /// <summary>An argument of the event.</summary>
    public static HandlerParameter Argument(Type type, int index, ParameterInfo declared) =>
        new(type, ParameterSource.Argument) { Index = index, Default = DefaultOf(type, declared) };

    /// <summary>Whatever a parameter is by its type or its attributes; <see langword="null"/> if it has to be an argument.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="declared">Its attributes.</param>
    /// <param name="eventType">What the handler gets: an <see cref="EventContext"/> or a <see cref="ServerEventContext"/>.</param>
    /// <param name="services">Which types are services; <see langword="null"/> when that cannot be known.</param>
    public static HandlerParameter? NoArgument(Type type, ParameterInfo declared, Type eventType, IServiceProviderIsService? services)
    {
        if (typeof(EventArguments).IsAssignableFrom(type) && type.IsAssignableFrom(eventType))
        {
            return new HandlerParameter(type, ParameterSource.Event);
        }

        if (type == typeof(INamespace))
        {
            return new HandlerParameter(type, ParameterSource.Namespace);
        }

        if (eventType == typeof(EventContext))
        {
            if (type == typeof(ISocket) || type == typeof(IRemoteSocket))
            {
                return new HandlerParameter(type, ParameterSource.Socket);
            }

            if (type == typeof(CancellationToken))
            {
                return new HandlerParameter(type, ParameterSource.Aborted);
            }
        }

        if (declared.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return new HandlerParameter(type, ParameterSource.KeyedService) { Key = keyed.Key };
        }

        return declared.GetCustomAttributes().Any(attribute => attribute is IFromServiceMetadata) || IsKnown(type, services)
            ? new HandlerParameter(type, ParameterSource.Service)
            : null;
    }

    /// <summary>Whether the service is not there, as far as that can be known.</summary>
    public bool IsMissing(IServiceProviderIsService? services) => Source switch
    {
        ParameterSource.Service => services is not null && !IsKnown(Type, services),
        ParameterSource.KeyedService => services is IServiceProviderIsKeyedService keyed && !keyed.IsKeyedService(Type, Key),
        _ => false,
    };

    /// <summary>Its value for one event.</summary>
    public object? Read(IncomingEvent received, IServiceProvider? services) => Source switch
    {
        ParameterSource.Event => received,
        ParameterSource.Socket => ((EventContext)received).Socket,
        ParameterSource.Namespace => received is EventContext context ? context.Socket.Namespace : ((ServerEventContext)received).Namespace,
        ParameterSource.Aborted => ((EventContext)received).Aborted,
        ParameterSource.Service => services!.GetRequiredService(Type),
        ParameterSource.KeyedService => services!.GetRequiredKeyedService(Type, Key),
        _ => Default is not null && Index >= received.Count ? Default : received.Get(Index, Type),
    };

    // Every sequence counts as a service, even of what nobody registered: what it is a sequence of decides.
    private static bool IsKnown(Type type, IServiceProviderIsService? services) =>
        services is not null
        && services.IsService(
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>) ? type.GetGenericArguments()[0] : type);

    // The default of an enumeration that may be null is told as a number.
    private static object? DefaultOf(Type type, ParameterInfo declared) =>
        !declared.HasDefaultValue || declared.DefaultValue is not { } value ? null
        : (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } enumeration ? Enum.ToObject(enumeration, value)
        : value;
}
