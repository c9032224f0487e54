using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansRooms.Hosting;
using OrleansRooms.Hosting.Clients;
using OrleansRooms.Hosting.Clustering;

#pragma warning disable IDE0130 // Extensions of the host builder live in its namespace, so that no using is needed to find them.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

/// <summary>Connects hosts to a cluster of OrleansRooms.</summary>
public static class HostApplicationBuilderRoomsExtensions
{
    /// <summary>
    /// Makes the host an Orleans client of the silos that the section <c>Rooms</c> of the configuration names, as web servers with
    /// Socket.IO and workers with an emitter need it. If no silo answers, the start waits for one up to
    /// <see cref="RoomsClusterOptions.ConnectTimeout"/>, and then fails with a <see cref="RoomsStartException"/>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Changes what the configuration says.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    /// <example>
    /// <code>
    /// builder.AddRoomsClient();
    /// builder.Services.AddSocketIO().AddOrleansAdapter();
    /// </code>
    /// </example>
    public static IHostApplicationBuilder AddRoomsClient(
        this IHostApplicationBuilder builder, Action<RoomsClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = RoomsClusterSection.Read(builder.Configuration, configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostedService>(
            services => new StartCheck(options, isSilo: false, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IClientConnectionRetryFilter>(
            services => ActivatorUtilities.CreateInstance<ConnectPatience>(services, options));
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            ClusterStore.Of(options.Clustering).Configure(client, options);
            FailoverTimes.Apply(client);
            client.AddRooms();
        });
        return builder;
    }
}
