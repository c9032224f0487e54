using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace OrleansRooms.Silo.Http;

/// <summary>The silo's web server: health for whoever runs it, and the dashboard if it is wanted.</summary>
internal static class SiloHttp
{
    private const string Ready = "ready";

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static SiloHttpOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(SiloHttpOptions.Section).Get<SiloHttpOptions>() ?? new SiloHttpOptions();
        return new SiloHttpOptionsValidator().Validate(Options.DefaultName, options) is { Failed: true } invalid
            ? throw new OptionsValidationException(Options.DefaultName, typeof(SiloHttpOptions), invalid.Failures)
            : options;
    }

    /// <summary>Adds what the web server needs. Call after the silo was added, so that it starts when the silo has.</summary>
    public static void AddTo(WebApplicationBuilder builder, SiloHttpOptions options)
    {
        builder.WebHost.UseUrls(options.Url!);
        builder.Services.AddSingleton(options);
        builder.Services.AddHealthChecks().AddCheck<SiloReadiness>("silo", tags: [Ready]);
        if (options.Dashboard)
        {
            builder.Services.AddAuthentication(DashboardAuthentication.SchemeName)
                .AddScheme<AuthenticationSchemeOptions, DashboardAuthentication>(
                    DashboardAuthentication.SchemeName, configureOptions: null);
            builder.Services.AddAuthorization();
            builder.UseOrleans(silo => silo.AddDashboard());
        }
    }

    public static void Map(WebApplication app, SiloHttpOptions options)
    {
        // Alive is a process that answers at all; who fails this is started anew.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
        if (options.Dashboard)
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapOrleansDashboard("/dashboard").RequireAuthorization();
        }
    }
}
