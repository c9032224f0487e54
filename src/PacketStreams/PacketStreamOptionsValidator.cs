using Microsoft.Extensions.Options;

namespace OrleansRooms.PacketStreams;

/// <summary>Refuses settings under which no packet would arrive.</summary>
internal sealed class PacketStreamOptionsValidator : IValidateOptions<PacketStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, PacketStreamOptions options)
    {
        var failures = new List<string>();
        if (options.ProviderName is { } provider && string.IsNullOrWhiteSpace(provider))
        {
            failures.Add(
                "PacketStreamOptions.ProviderName is empty; name a registered stream provider, or leave it unset for the one " +
                "that AddRooms brings.");
        }

        if (options.MaxQueuedBytes < 1)
        {
            failures.Add($"PacketStreamOptions.MaxQueuedBytes is {options.MaxQueuedBytes}; set it to 1 or more.");
        }

        if (options.MaxQueuedEnvelopes < 1)
        {
            failures.Add($"PacketStreamOptions.MaxQueuedEnvelopes is {options.MaxQueuedEnvelopes}; set it to 1 or more.");
        }

        if (options.MaxStreams < 1)
        {
            failures.Add($"PacketStreamOptions.MaxStreams is {options.MaxStreams}; set it to 1 or more.");
        }

        if (options.Lease < TimeSpan.FromSeconds(1) || options.Lease > TimeSpan.FromDays(1))
        {
            failures.Add(
                $"PacketStreamOptions.Lease is {options.Lease}; set it to a second at least, several times as long as nodes take between " +
                "two probes, and to a day at most.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
