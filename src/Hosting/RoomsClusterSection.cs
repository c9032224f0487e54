using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Hosting;

/// <summary>Reads the section <c>Rooms</c>. Unlike the binder alone, it says of a value that is none of its kind what would be.</summary>
internal static class RoomsClusterSection
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the failures are sentences that say what to change.</exception>
    public static RoomsClusterOptions Read(IConfiguration configuration, Action<RoomsClusterOptions>? configure)
    {
        var section = configuration.GetSection(RoomsClusterOptions.Section);
        var failures = Unreadable(section).ToList();
        var options = new RoomsClusterOptions();
        if (failures.Count == 0)
        {
            section.Bind(options);
            configure?.Invoke(options);
            failures.AddRange(new RoomsClusterOptionsValidator().Validate(Options.DefaultName, options).Failures ?? []);
        }

        return failures.Count == 0
            ? options
            : throw new OptionsValidationException(Options.DefaultName, typeof(RoomsClusterOptions), failures);
    }

    private static IEnumerable<string> Unreadable(IConfigurationSection section)
    {
        if (section[nameof(RoomsClusterOptions.Clustering)] is { } clustering
            && !(Enum.TryParse<RoomsClustering>(clustering, ignoreCase: true, out var known) && Enum.IsDefined(known)))
        {
            yield return $"Rooms:Clustering is '{clustering}'; set it to {string.Join(", ", Enum.GetNames<RoomsClustering>()[..^1])} " +
                $"or {Enum.GetNames<RoomsClustering>()[^1]}.";
        }

        foreach (var setting in new[] { nameof(RoomsClusterOptions.SiloPort), nameof(RoomsClusterOptions.GatewayPort) })
        {
            if (section[setting] is { } port && !int.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                yield return $"Rooms:{setting} is '{port}'; set it to a port, which is a number from 1 to 65535.";
            }
        }

        if (section[nameof(RoomsClusterOptions.ConnectTimeout)] is { } timeout
            && !TimeSpan.TryParse(timeout, CultureInfo.InvariantCulture, out _))
        {
            yield return $"Rooms:ConnectTimeout is '{timeout}'; set it to a time such as 00:01:00.";
        }
    }
}
