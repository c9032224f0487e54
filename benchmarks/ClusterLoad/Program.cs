using OrleansRooms.ClusterLoad;
using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Scenarios;

Scenario[] all =
[
    new FanOut(),
    new SmallRooms(nodes: 3, atMost: 1),
    new SmallRooms(nodes: 8, atMost: 0.5),
    new Growth(),
    new FrontEnds(),
    new Floor(),
    new Idle(),
    new Counts(),
    new Saturation("fan-out", AudienceShape.OneRoom, firstRate: 200),
    new Saturation("small-rooms", AudienceShape.SmallRooms, firstRate: 800),
    new Joins(),
    new Hostile(),
    new NodeKill(),
    new SiloKill(),
    new SiloSilent(),
    new RollingRestart(),
    new Soak(),
];

LoadOptions options;
Scenario[] chosen;
try
{
    options = LoadOptions.Parse(args);
    chosen = [.. options.Scenarios.Select(name => all.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new FormatException($"There is no scenario {name}."))];
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    WriteUsage();
    return 2;
}

if (chosen.Length == 0)
{
    WriteUsage();
    return 2;
}

var report = new Report();
for (var round = 1; round <= options.Rounds; round++)
{
    foreach (var scenario in chosen)
    {
        Console.WriteLine($"{scenario.Name}: {scenario.Summary}{(options.Rounds > 1 ? $" ({round} of {options.Rounds})" : "")}");
        report.Add(await scenario.RunAsync(options));
    }
}

Console.WriteLine();
Console.WriteLine(report);
return report.AllMet ? 0 : 1;

void WriteUsage()
{
    Console.Error.WriteLine("ClusterLoad SCENARIO... [--ours] [--in-turn] [--rounds N] [--seconds N] [--warm-up N]");
    foreach (var scenario in all)
    {
        Console.Error.WriteLine($"  {scenario.Name,-24} {scenario.Summary}");
    }

    Console.Error.WriteLine("""
          --ours                   leaves out the Redis adapter
          --in-turn                both sides run at the same time and each is measured for 2 s, again and again, while the other idles: the
                                   most exact
                                   for processor time, as a machine's speed changes; but the idle side's timers are in the other's latencies
          --rounds N               runs everything N times; figures are medians (default: 1)
          --seconds N              how long one load is measured (default: 8)
          --warm-up N              how long it runs before it is measured, in seconds (default: 10)
        Needs Linux, and redis-server on the path. Exit code 1: a goal was missed.
        """);
}
