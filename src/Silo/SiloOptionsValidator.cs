using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Silo;

/// <summary>Refuses settings with which no silo can start.</summary>
internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
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
            failures.Add($"Rooms:PrimaryEndpoint is '{primary}'; set it to the address and silo port of the primary silo, such as 127.0.0.1:11111.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

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
