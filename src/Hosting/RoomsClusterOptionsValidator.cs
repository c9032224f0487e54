using System.Net;
using Microsoft.Extensions.Options;
using OrleansRooms.Hosting.Clustering;

namespace OrleansRooms.Hosting;

/// <summary>Refuses settings with which nothing can start. Every failure says what to change, and none shows a secret.</summary>
internal sealed class RoomsClusterOptionsValidator : IValidateOptions<RoomsClusterOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, RoomsClusterOptions options)
    {
        var failures = new List<string>();
        MustBeGiven(nameof(options.ClusterId), options.ClusterId);
        MustBeGiven(nameof(options.ServiceId), options.ServiceId);
        MustBePort(nameof(options.SiloPort), options.SiloPort);
        MustBePort(nameof(options.GatewayPort), options.GatewayPort);
        if (options.SiloPort == options.GatewayPort)
        {
            failures.Add($"Rooms:SiloPort and Rooms:GatewayPort are both {options.SiloPort}; give them different ports.");
        }

        if (options.PrimaryEndpoint is { } primary && (!IPEndPoint.TryParse(primary, out var endpoint) || endpoint.Port == 0))
        {
            failures.Add(
                $"Rooms:PrimaryEndpoint is '{primary}'; set it to the address and silo port of the primary silo, such as 127.0.0.1:11111.");
        }

        if (options.ConnectTimeout <= TimeSpan.Zero || options.ConnectTimeout > Longest)
        {
            failures.Add($"Rooms:ConnectTimeout is {options.ConnectTimeout}; set it to more than zero and at most a day.");
        }

        CheckAddresses();
        failures.AddRange(ClusterStore.Of(options.Clustering).Failures(options));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void CheckAddresses()
        {
            if (string.IsNullOrWhiteSpace(options.AdvertisedAddress)
                || Uri.CheckHostName(options.AdvertisedAddress) == UriHostNameType.Unknown)
            {
                failures.Add(
                    $"Rooms:AdvertisedAddress is '{options.AdvertisedAddress}'; set it to the address or host name under which others " +
                    "reach this silo.");
            }
            else if (IPAddress.TryParse(options.AdvertisedAddress, out var address)
                && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            {
                failures.Add(
                    $"Rooms:AdvertisedAddress is {address}, which nobody can connect to; set it to this machine's own address, and " +
                    $"Rooms:ListenAddress to {address}.");
            }

            if (options.ListenAddress is { } listen && !IPAddress.TryParse(listen, out _))
            {
                failures.Add($"Rooms:ListenAddress is '{listen}'; set it to an address of this machine, such as 0.0.0.0 for all of them.");
            }
        }

        void MustBeGiven(string setting, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                failures.Add($"Rooms:{setting} is empty; give the {setting} that all silos and clients of the cluster share.");
            }
        }

        void MustBePort(string setting, int value)
        {
            if (value is < 1 or > IPEndPoint.MaxPort)
            {
                failures.Add($"Rooms:{setting} is {value}; set it to a port from 1 to {IPEndPoint.MaxPort}.");
            }
        }
    }
}
