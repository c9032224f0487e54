using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Silo.Tests;

public sealed class SiloProcessTests
{
    [Fact]
    public async Task TakenPort_GivesOneSentenceAndFails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var error = await SiloProcess.FailAsync("--silo-port", $"{port}", "--gateway-port", $"{FreePorts.Take(1)[0]}");
        Assert.StartsWith($"The silo cannot run: Port {port} cannot be used", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadValues_GiveOneSentenceEachAndFail()
    {
        var error = await SiloProcess.FailAsync("--gateway-port", "0", "--primary", "somewhere");
        Assert.Equal(2, error.Length);
        Assert.Equal("The silo cannot run: Rooms:GatewayPort is 0; set it to a port from 1 to 65535.", error[0]);
    }

    [Fact]
    public async Task ValueOfTheWrongType_GivesOneSentenceAndFails()
    {
        var error = await SiloProcess.FailAsync("--silo-port", "first");
        Assert.Equal(
            "The silo cannot run: Rooms:SiloPort is 'first'; set it to a port, which is a number from 1 to 65535.", Assert.Single(error));
    }

    [Fact]
    public async Task UnknownClustering_GivesOneSentenceAndFails()
    {
        var error = await SiloProcess.FailAsync("--clustering", "Consul");
        Assert.Equal("The silo cannot run: Rooms:Clustering is 'Consul'; set it to Localhost, Redis or Postgres.", Assert.Single(error));
    }

    [Fact]
    public async Task BadDirectoryOptions_GiveOneSentenceAndFail()
    {
        var ports = FreePorts.Take(2);
        var error = await SiloProcess.FailAsync(
            "--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}", "--Rooms:Directory:NodeTimeout", "00:00:01");
        Assert.Contains("raise NodeTimeout", Assert.Single(error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task Signal_EndsARunningSiloWithinFiveSeconds(ProcessSignal signal)
    {
        await using var silo = await SiloProcess.RunAsync();

        using var stalls = new Stalls();
        var begun = Stopwatch.GetTimestamp();
        silo.Signal(signal);

        Assert.Equal(0, await silo.WaitForExitAsync(SiloProcess.Patience));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        Assert.True(
            elapsed < TimeSpan.FromSeconds(5) + (2 * stalls.Total),
            $"It took {elapsed}, of which the machine stood still for {stalls.Total}.");
    }
}
