using System.Net;
using System.Net.Sockets;
using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.FrontEnd;

/// <summary>
/// A front-end with settings that cannot work ends with one sentence that says what to change. Silo.Tests has the same for silos.
/// </summary>
public sealed class FrontEndStartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("--Rooms:Clustering", "Consul", "Rooms:Clustering is 'Consul'; set it to Localhost, Redis or Postgres.")]
    [InlineData("--Rooms:Clustering", "Redis", "Rooms:Redis is empty; set it to the Redis server, such as localhost:6379.")]
    [InlineData("--Rooms:GatewayPort", "70000", "Rooms:GatewayPort is 70000; set it to a port from 1 to 65535.")]
    [InlineData("--Rooms:GatewayPort", "first", "Rooms:GatewayPort is 'first'; set it to a port, which is a number from 1 to 65535.")]
    public async Task WrongSetting_GivesOneSentenceAndFails(string setting, string value, string sentence)
    {
        await using var frontEnd = Start(setting, value);

        Assert.Equal($"The front-end cannot run: {sentence}", await FailureOfAsync(frontEnd));
        Assert.Equal("", frontEnd.Output);
    }

    [Fact]
    public async Task UnreachableRedis_GivesOneSentenceAndFails()
    {
        var port = FreePorts.Take(1)[0];
        await using var frontEnd = Start("--Rooms:Clustering", "Redis", "--Rooms:Redis", $"127.0.0.1:{port},password=open sesame");

        Assert.Equal(
            $"The front-end cannot run: No Redis server answers at 127.0.0.1:{port}; start it there, or correct Rooms:Redis.",
            await FailureOfAsync(frontEnd));
        // The host logs it as well, without a stack that would bury it.
        Assert.DoesNotContain("   at ", frontEnd.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", frontEnd.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task MissingSchema_GivesOneSentenceAndFails()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var frontEnd = Start("--Rooms:Clustering", "Postgres", "--Rooms:Postgres", postgres.ConnectionString);

        Assert.Equal(
            $"The front-end cannot run: The PostgreSQL database postgres at 127.0.0.1:{postgres.Port} has no membership tables; run the " +
            "silo once with --init-database.",
            await FailureOfAsync(frontEnd));
    }

    [Fact]
    public async Task NoSilo_GivesOneSentenceAndFails()
    {
        var port = FreePorts.Take(1)[0];
        await using var frontEnd = Start("--Rooms:GatewayPort", $"{port}", "--Rooms:ConnectTimeout", "00:00:01");

        Assert.Equal(
            $"The front-end cannot run: No silo of cluster 'rooms' (Localhost at 127.0.0.1:{port}) has answered for 00:00:01; start " +
            "one, or correct the section Rooms.",
            await FailureOfAsync(frontEnd));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{taken}")]
    [InlineData("http://127.0.0.1:99999")]
    public async Task AddressThatCannotBeListenedAt_GivesOneSentenceAndFails(string url)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var silo = await SiloAsync();
        url = url.Replace("{taken}", $"{((IPEndPoint)other.LocalEndpoint).Port}", StringComparison.Ordinal);
        await using var frontEnd = Start("--Rooms:GatewayPort", silo.GatewayPort, "--urls", url);

        var sentence = await FailureOfAsync(frontEnd);
        Assert.StartsWith($"The front-end cannot listen at {url} (", sentence, StringComparison.Ordinal);
        Assert.EndsWith("); give it another address with --urls.", sentence, StringComparison.Ordinal);
    }

    private static RunningProcess Start(params string[] args) =>
        Programs.Start(["samples", "FrontEnd"], "OrleansRooms.Samples.FrontEnd", ["--urls", "http://127.0.0.1:0", .. args]);

    /// <summary>Waits for the end, which has to be a failure, and returns the one line of the standard error.</summary>
    private static async Task<string> FailureOfAsync(RunningProcess frontEnd)
    {
        Assert.Equal(1, await frontEnd.WaitForExitAsync(Patience));
        return Assert.Single(frontEnd.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static async Task<RunningSilo> SiloAsync()
    {
        var ports = FreePorts.Take(2);
        var silo = new RunningSilo(
            Programs.Start(["src", "Silo"], "OrleansRooms.Silo", "--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}"),
            $"{ports[1]}");
        await silo.Process.NextLineAsync("Application started", Patience);
        return silo;
    }

    private sealed record RunningSilo(RunningProcess Process, string GatewayPort) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
