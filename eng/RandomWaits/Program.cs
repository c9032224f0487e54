using System.Diagnostics;
using System.Globalization;
using OrleansRooms.RandomWaits;

const string Usage = """
    dotnet build
    dotnet run --project eng/RandomWaits -- NAME... [--rounds N] [--longest MS] [--gap MS] [-- ARGUMENT...]

    NAME       projects below tests, for example Conformance.Tests
    --rounds   how often each is run (1)
    --longest  the longest wait in milliseconds (60)
    --gap      the shortest time between two waits of a process (1)
    ARGUMENT   what dotnet test is given besides, for example --filter Upgrade
    """;

Dictionary<string, int> numbers = new() { ["--rounds"] = 1, ["--longest"] = 60, ["--gap"] = 1 };
List<string> names = [];
var own = args.TakeWhile(argument => argument != "--").ToArray();
for (var i = 0; i < own.Length; i++)
{
    if (!own[i].StartsWith('-')) names.Add(own[i]);
    else if (numbers.ContainsKey(own[i])
        && int.TryParse(own.ElementAtOrDefault(i + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
    {
        numbers[own[i++]] = number;
    }
    else return Complain($"{own[i]} is no option, or lacks its number.\n\n{Usage}");
}

if (names.Count == 0) return Complain(Usage);

var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "OrleansRooms.sln")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("There is no OrleansRooms.sln above this program.");
}
foreach (var name in names)
{
    if (!File.Exists(TestsOf(root, name))) return Complain($"tests/{name} is not there, or not built: run dotnet build first.");
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The tests hear of it as well and end; the copy is to go with this program.
    pressed.Cancel = true;
    stopping.Cancel();
};
using var copy = new RepositoryCopy(root);
var weaver = new Weaver();
var places = copy.Assemblies().Sum(weaver.Weave);
Console.WriteLine($"{places:#,0} places in which a thread may wait for up to {numbers["--longest"]} ms.");

var (runs, failures) = (0, 0);
for (var round = 1; round <= numbers["--rounds"]; round++)
{
    foreach (var name in names.TakeWhile(_ => !stopping.IsCancellationRequested))
    {
        Console.WriteLine($"Round {round}: {name}");
        runs++;
        failures += await RunAsync(TestsOf(copy.Root, name)) == 0 ? 0 : 1;
    }
}

Console.WriteLine($"{failures} of {runs} runs failed.");
return failures == 0 ? 0 : 1;

static string TestsOf(string root, string name) => Path.Combine(root, "tests", name, "bin", "Debug", "net10.0", $"OrleansRooms.{name}.dll");

static int Complain(string what)
{
    Console.Error.WriteLine(what);
    return 2;
}

async Task<int> RunAsync(string tests)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", ["test", tests, .. args.Skip(own.Length + 1)])
    {
        Environment =
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(RandomWait).Assembly.Location,
            [RandomWait.LongestVariable] = numbers["--longest"].ToString(CultureInfo.InvariantCulture),
            [RandomWait.GapVariable] = numbers["--gap"].ToString(CultureInfo.InvariantCulture),
        },
    })!;
    await process.WaitForExitAsync();
    return process.ExitCode;
}
