using System.Text.RegularExpressions;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.FrontEnd;

/// <summary>
/// The commands of samples/FrontEnd/README.md, as a shell runs them. Changed are only the ports, to free ones, where the store is, and
/// <c>dotnet run</c>, which would build what has been built.
/// </summary>
internal sealed partial class Tutorial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Ports = ["11111", "11112", "30000", "30001", "8081", "8082", "5001", "5002"];

    private readonly ILookup<string, string> _commands;
    private readonly string _settings;
    private readonly Dictionary<string, string> _replacements;

    public Tutorial(string store, string placeholder, string connectionString)
    {
        var output = $"bin/{string.Join('/', Programs.ConfigurationAndFramework)}";
        _replacements = Ports.Zip(FreePorts.Take(Ports.Length)).ToDictionary(pair => $":{pair.First}", pair => $":{pair.Second}");
        foreach (var (port, free) in _replacements.ToList())
        {
            _replacements[$" {port[1..]}"] = $" {free[1..]}";
        }

        _replacements["dotnet run --project src/Silo --"] = $"dotnet src/Silo/{output}/OrleansRooms.Silo.dll";
        _replacements["dotnet run --project samples/FrontEnd --"] = $"dotnet samples/FrontEnd/{output}/OrleansRooms.Samples.FrontEnd.dll";
        _replacements[placeholder] = connectionString;
        _commands = Block().Matches(File.ReadAllText(RepositoryRoot.Combine("samples", "FrontEnd", "README.md")))
            .ToLookup(match => match.Groups["name"].Value, match => match.Groups["commands"].Value);
        _settings = Assert.Single(_commands[store]);
    }

    /// <summary>Starts the command of a block.</summary>
    public RunningProcess Start(string block, int number = 0)
    {
        var command = _settings + "exec " + _commands[block].ElementAt(number);
        foreach (var (text, replacement) in _replacements)
        {
            command = command.Replace(text, replacement, StringComparison.Ordinal);
        }

        return RunningProcess.Start("bash", ["-c", command], RepositoryRoot.Combine());
    }

    /// <summary>Starts the command of a block and waits until it writes something.</summary>
    public async Task<RunningProcess> RunAsync(string block, int number, string until)
    {
        var process = Start(block, number);
        try
        {
            await process.NextLineAsync(until, Patience);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address at which a port of the tutorial is now.</summary>
    public string Address(int port) => $"http://localhost{_replacements[$":{port}"]}";

    [GeneratedRegex(@"<!-- tutorial: (?<name>[\w-]+) -->\n```sh\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
