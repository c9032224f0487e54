using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansRooms.Silo.Tests;

/// <summary>The silo as it is run: a process with arguments, an exit code and two streams.</summary>
public sealed class SiloProcessTests
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task TakenPort_GivesOneSentenceAndFails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var (exitCode, error) = await FailAsync("--silo-port", $"{port}", "--gateway-port", $"{FreePort()}");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The silo cannot run: Port {port} cannot be used", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadValues_GiveOneSentenceEachAndFail()
    {
        var (exitCode, error) = await FailAsync("--gateway-port", "0", "--primary", "somewhere");
        Assert.Equal(1, exitCode);
        Assert.Equal(2, error.Length);
        Assert.Contains("Rooms:GatewayPort is 0", error[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValueOfTheWrongType_GivesOneSentenceAndFails()
    {
        var (exitCode, error) = await FailAsync("--silo-port", "first");
        Assert.Equal(1, exitCode);
        Assert.Contains("'Rooms:SiloPort'", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadDirectoryOptions_GiveOneSentenceAndFail()
    {
        var (exitCode, error) = await FailAsync(
            "--silo-port", $"{FreePort()}", "--gateway-port", $"{FreePort()}", "--Rooms:Directory:NodeTimeout", "00:00:01");
        Assert.Equal(1, exitCode);
        Assert.Contains("raise NodeTimeout", Assert.Single(error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task Signal_EndsARunningSiloWithinFiveSeconds(int signal)
    {
        using var silo = Start("--silo-port", $"{FreePort()}", "--gateway-port", $"{FreePort()}");
        try
        {
            using var deadline = new CancellationTokenSource(Patience);
            string? line;
            do
            {
                line = await silo.StandardOutput.ReadLineAsync(deadline.Token);
                Assert.NotNull(line);
            }
            while (!line.Contains("Application started", StringComparison.Ordinal));

            var rest = silo.StandardOutput.ReadToEndAsync(deadline.Token);
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(0, Kill(silo.Id, signal));
            await silo.WaitForExitAsync(deadline.Token);
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5));
            Assert.Equal(0, silo.ExitCode);
            await rest;
        }
        finally
        {
            silo.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(int ExitCode, string[] Error)> FailAsync(params string[] arguments)
    {
        using var silo = Start(arguments);
        try
        {
            using var deadline = new CancellationTokenSource(Patience);
            var output = silo.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = await silo.StandardError.ReadToEndAsync(deadline.Token);
            await silo.WaitForExitAsync(deadline.Token);
            await output;
            return (silo.ExitCode, error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        finally
        {
            silo.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(SiloOptions).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Orleans cannot choose its own ports. Whoever takes one of these in between makes a test fail, which has to be lived with.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
