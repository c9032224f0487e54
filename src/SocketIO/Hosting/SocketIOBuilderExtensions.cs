using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansRooms.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Hosting;

#pragma warning disable IDE0130 // Extensions of the service collection live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>What can be added to a Socket.IO server.</summary>
public static class SocketIOBuilderExtensions
{
    /// <summary>Uses the adapters that a factory makes; the last call wins.</summary>
    public static ISocketIOBuilder AddAdapter(this ISocketIOBuilder builder, IAdapterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return builder.AddAdapter(_ => factory);
    }

    /// <summary>Uses the adapters that a factory makes, which is itself made from the application's services; the last call wins.</summary>
    public static ISocketIOBuilder AddAdapter(this ISocketIOBuilder builder, Func<IServiceProvider, IAdapterFactory> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.Replace(ServiceDescriptor.KeyedSingleton(builder.Name, (provider, _) => factory(provider)));
        return builder;
    }

    /// <summary>Uses the adapters that a factory makes, which is itself made from the application's services; the last call wins.</summary>
    public static ISocketIOBuilder AddAdapter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TFactory>(
        this ISocketIOBuilder builder)
        where TFactory : class, IAdapterFactory
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.KeyedSingleton<IAdapterFactory, TFactory>(builder.Name));
        return builder;
    }

    /// <summary>Sets how arguments are written as JSON and read from it, and the limits of what is read.</summary>
    /// <example>
    /// <code>
    /// builder.Services.AddSocketIO()
    ///     .AddJsonParser(o => o.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
    /// </code>
    /// </example>
    public static ISocketIOBuilder AddJsonParser(this ISocketIOBuilder builder, Action<JsonParserOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Name ?? Microsoft.Extensions.Options.Options.DefaultName, configure);
        return builder;
    }

    /// <summary>Creates a namespace with the server and sets it up.</summary>
    /// <example>
    /// <code>
    /// builder.Services.AddSocketIO()
    ///     .AddNamespace("/chat", ns => ns.OnConnection(socket => socket.JoinAsync("lobby")));
    /// </code>
    /// </example>
    public static ISocketIOBuilder AddNamespace(this ISocketIOBuilder builder, string name, Action<INamespace> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddSingleton(new NamespaceRegistration(builder.Name, name, configure));
        return builder;
    }

    /// <summary>
    /// Creates a namespace with the server, handled by a class. What the class cannot do, such as handle an event with a method that is not
    /// public, keeps the server from being made, with a sentence that says what to change.
    /// </summary>
    /// <typeparam name="THandler">The class.</typeparam>
    /// <param name="builder">The server.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="configure">Sets it up before the class is added to it, for example with <c>AuthenticateWithToken()</c>.</param>
    /// <example><code>builder.Services.AddSocketIO().AddNamespace&lt;ChatNamespace&gt;("/chat");</code></example>
    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public static ISocketIOBuilder AddNamespace<[DynamicallyAccessedMembers(TrimmedHandlers.Members)] THandler>(
        this ISocketIOBuilder builder, string name, Action<INamespace>? configure = null)
        where THandler : SocketIONamespaceHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        builder.Services.AddSingleton(
            new NamespaceRegistration(builder.Name, name.StartsWith('/') ? name : "/" + name, SetUp, typeof(THandler)));
        return builder;

        void SetUp(INamespace ns)
        {
            configure?.Invoke(ns);
            ns.UseHandler<THandler>();
        }
    }
}
