using System.Globalization;

namespace OrleansRooms.ClusterLoad;

/// <summary>What the command line says.</summary>
/// <param name="Scenarios">The names of the scenarios to run, in order.</param>
/// <param name="WithPeer">Whether the Redis adapter is measured too.</param>
/// <param name="InTurn">Whether the sides of a comparison run at the same time and are measured in turn, instead of one after the
/// other.</param>
/// <param name="Rounds">How often each scenario runs; figures are medians.</param>
/// <param name="Duration">How long one load is measured.</param>
/// <param name="WarmUp">How long it runs before, which compilers need: for seconds after the start a message costs more than it does from
/// then on.</param>
internal sealed record LoadOptions(
    IReadOnlyList<string> Scenarios, bool WithPeer, bool InTurn, int Rounds, TimeSpan Duration, TimeSpan WarmUp)
{
    private const int MaxRounds = 100;

    public static LoadOptions Parse(string[] args)
    {
        var (scenarios, withPeer, inTurn, rounds, duration, warmUp) =
            (new List<string>(), true, false, 1, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10));
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--ours":
                    withPeer = false;
                    break;
                case "--in-turn":
                    inTurn = true;
                    break;
                case "--rounds":
                    rounds = (int)Number(args, ref i, MaxRounds);
                    break;
                case "--seconds":
                    duration = TimeSpan.FromSeconds(Number(args, ref i, (int)TimeSpan.FromDays(1).TotalSeconds));
                    break;
                case "--warm-up":
                    warmUp = TimeSpan.FromSeconds(Number(args, ref i, (int)TimeSpan.FromHours(1).TotalSeconds));
                    break;
                case ['-', ..]:
                    throw new FormatException($"There is no option {args[i]}.");
                default:
                    scenarios.Add(args[i]);
                    break;
            }
        }

        return new LoadOptions(scenarios, withPeer, inTurn, rounds, duration, warmUp);
    }

    private static double Number(string[] args, ref int i, int atMost) =>
        ++i < args.Length && double.TryParse(args[i], CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= atMost
            ? number
            : throw new FormatException($"{args[i - 1]} takes a number from 1 to {atMost}.");
}
