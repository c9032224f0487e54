using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansRooms.Hosting;
using OrleansRooms.Hosting.Clustering;

#pragma warning disable IDE0130 // Extensions of Orleans' builders live in Orleans' namespace, so that no using is needed to find them.
namespace Orleans.Hosting;
#pragma warning restore IDE0130

/// <summary>Joins silos to a cluster by configuration.</summary>
public static class SiloBuilderClusteringExtensions
{
    /// <summary>
    /// Makes a silo, such as one in the process of a web server, join the cluster that the section <c>Rooms</c> of the configuration names,
    /// listen where that says, and notice dead silos in seconds. The room directory itself is added by <c>AddRooms</c>.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes what the configuration says.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo => silo.UseRoomsClustering().AddRooms());
    /// </code>
    /// </example>
    public static ISiloBuilder UseRoomsClustering(this ISiloBuilder builder, Action<RoomsClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = RoomsClusterSection.Read(builder.Configuration, configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostedService>(
            services => new StartCheck(options, isSilo: true, services.GetRequiredService<TimeProvider>()));
        builder.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.ClusterId;
            cluster.ServiceId = options.ServiceId;
        });
        ClusterStore.Of(options.Clustering).Configure(builder, options);
        builder.Configure<EndpointOptions>(endpoints => SiloPorts.Apply(endpoints, options));
        FailoverTimes.Apply(builder);
        LoadReports.Apply(builder);
        return builder;
    }
}
