using Microsoft.Extensions.Options;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains;

/// <summary>Refuses settings under which nodes could not be told dead from living.</summary>
internal sealed class RoomsGrainOptionsValidator : IValidateOptions<RoomsGrainOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // An owner without members goes after twice that time without a call, and then with it who keeps its answers.
    private static readonly TimeSpan LongestRouteLease = TimeSpan.FromMinutes(RoomShardGrain.EmptyMinutes / 2);

    public ValidateOptionsResult Validate(string? name, RoomsGrainOptions options)
    {
        var failures = new List<string>();
        MustBePositive(nameof(options.NodeTimeout), options.NodeTimeout);
        MustBePositive(nameof(options.SweepInterval), options.SweepInterval);
        MustBePositive(nameof(options.ViewPollInterval), options.ViewPollInterval);
        MustBePositive(nameof(options.DepartedRetention), options.DepartedRetention);
        MustBePositive(nameof(options.ListenTime), options.ListenTime);
        if (options.RouteLease < TimeSpan.Zero || options.RouteLease > LongestRouteLease)
        {
            failures.Add(
                $"RoomsGrainOptions.RouteLease is {options.RouteLease}; set it to at most {LongestRouteLease}, or to zero to let nodes " +
                "ask every time.");
        }

        if (options.MaxDepartedNodes < 1)
        {
            failures.Add($"RoomsGrainOptions.MaxDepartedNodes is {options.MaxDepartedNodes}; set it to 1 or more.");
        }

        if (failures.Count == 0)
        {
            // The sweep tells a stalled silo from silent nodes by being late; for that it has to come several times per lease.
            if (options.Lease < options.SweepInterval * 4)
            {
                failures.Add(
                    $"RoomsGrainOptions.NodeTimeout of {options.NodeTimeout} leaves a node a lease of {options.Lease}, which has to be " +
                    $"at least four times the SweepInterval of {options.SweepInterval}; raise NodeTimeout, or lower SweepInterval or " +
                    "ViewPollInterval.");
            }

            if (options.DepartedRetention < options.NodeTimeout)
            {
                failures.Add(
                    $"RoomsGrainOptions.DepartedRetention of {options.DepartedRetention} is shorter than NodeTimeout of " +
                    $"{options.NodeTimeout}; raise it, so that every silo hears of a departure.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void MustBePositive(string setting, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > Longest)
            {
                failures.Add($"RoomsGrainOptions.{setting} is {value}; set it to more than zero and at most a day.");
            }
        }
    }
}
