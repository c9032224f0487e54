using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Silo.Tests;

/// <summary>The silo as it is run: a process with arguments, an exit code and two streams.</summary>
internal static class SiloProcess
{
    // Starting a runtime takes seconds where other tests use the processors.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // From the program's own output: what is beside the tests is for the frameworks that the tests have.
    public static RunningProcess Start(params string[] arguments) => Programs.Start(["src", "Silo"], "OrleansRooms.Silo", arguments);

    /// <summary>Starts a silo on free ports and waits until it runs.</summary>
    public static async Task<RunningProcess> RunAsync(params string[] arguments)
    {
        var ports = FreePorts.Take(2);
        var silo = Start(["--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}", .. arguments]);
        try
        {
            await silo.NextLineAsync("Application started", Patience);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program to its end, which has to be a failure, and returns the lines it wrote to its standard error.</summary>
    public static async Task<string[]> FailAsync(params string[] arguments)
    {
        await using var silo = Start(arguments);
        Assert.Equal(1, await silo.WaitForExitAsync(Patience));
        return silo.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
