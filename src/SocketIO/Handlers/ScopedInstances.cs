using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Handlers;

/// <summary>Makes an instance of a class of the application for every call, out of a scope that ends with the call.</summary>
/// <typeparam name="T">The class; taken from the services if it is registered there, else made by its constructor.</typeparam>
internal sealed class ScopedInstances<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
    IServiceProvider services)
    where T : class
{
    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private ObjectFactory<T>? _create;

    /// <summary>Runs a call with an instance, up to its first asynchronous wait on the caller's thread.</summary>
    public async Task RunAsync<TState>(Func<T, IServiceProvider, TState, ValueTask> call, TState state)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var registered = scope.ServiceProvider.GetService<T>();
        if (registered is not null)
        {
            await call(registered, scope.ServiceProvider, state);
            return;
        }

        _create ??= ActivatorUtilities.CreateFactory<T>([]);
        var made = _create(scope.ServiceProvider, null);
        try
        {
            await call(made, scope.ServiceProvider, state);
        }
        finally
        {
            // The scope does not know what the factory made.
            if (made is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (made as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>Finds out whether instances can be made.</summary>
    /// <exception cref="InvalidOperationException">They cannot; the message says what to change.</exception>
    public void Check()
    {
        if (services.GetService<IServiceProviderIsService>() is not { } known || known.IsService(typeof(T)))
        {
            return;
        }

        var constructors = typeof(T).GetConstructors();
        var chosen = constructors.Length == 1
            ? constructors[0]
            : constructors.SingleOrDefault(
                constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute), inherit: false));
        if (typeof(T).IsAbstract || chosen is null)
        {
            throw new InvalidOperationException(
                $"{typeof(T)} cannot be made: give it one public constructor, mark one [ActivatorUtilitiesConstructor], or add it to " +
                "the services.");
        }

        foreach (var parameter in chosen.GetParameters())
        {
            if (!parameter.HasDefaultValue && !parameter.IsDefined(typeof(FromKeyedServicesAttribute), inherit: false)
                && !known.IsService(parameter.ParameterType))
            {
                throw new InvalidOperationException(
                    $"{typeof(T)} needs a {parameter.ParameterType}, which is not among the services: add it to builder.Services.");
            }
        }
    }
}
