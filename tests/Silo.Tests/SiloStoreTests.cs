using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.Silo.Tests;

/// <summary>The silo program with the stores in which silos find each other.</summary>
public sealed class SiloStoreTests
{
    [RedisFact]
    public async Task Redis_LetsASiloRun()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var silo = await SiloProcess.RunAsync("--clustering", "Redis", "--redis", redis.ConnectionString);
        Assert.Empty(silo.Errors);
    }

    [Fact]
    public async Task UnreachableRedis_GivesOneSentenceAndFails()
    {
        var ports = FreePorts.Take(3);
        var error = await SiloProcess.FailAsync(
            "--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}", "--clustering", "Redis", "--redis",
            $"127.0.0.1:{ports[2]},password=open sesame");
        Assert.Equal(
            $"The silo cannot run: No Redis server answers at 127.0.0.1:{ports[2]}; start it there, or correct Rooms:Redis.", Assert.Single(
                error));
    }

    [PostgresFact]
    public async Task Postgres_HasToBePrepared_AndThenLetsASiloRun()
    {
        await using var postgres = await PostgresServer.StartAsync();
        string[] clustering = ["--clustering", "Postgres", "--postgres", postgres.ConnectionString];
        var ports = FreePorts.Take(2);

        var error = await SiloProcess.FailAsync(["--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}", .. clustering]);
        Assert.Equal(
            $"The silo cannot run: The PostgreSQL database postgres at 127.0.0.1:{postgres.Port} has no membership tables; run the silo " +
            "once with --init-database.",
            Assert.Single(error));

        for (var time = 0; time < 2; time++)
        {
            await using var initialization = SiloProcess.Start(["--init-database", .. clustering]);
            Assert.Equal(0, await initialization.WaitForExitAsync(SiloProcess.Patience));
            Assert.Equal($"The database postgres at 127.0.0.1:{postgres.Port} is ready for silos.", initialization.Output.Trim());
        }

        await using var silo = await SiloProcess.RunAsync(clustering);
        Assert.Empty(silo.Errors);
    }

    [Fact]
    public async Task InitDatabase_WithoutADatabase_GivesOneSentenceAndFails() => Assert.Equal(
        "The silo cannot run: --init-database prepares a PostgreSQL database, but Rooms:Clustering is Localhost; set it to Postgres, or " +
        "leave --init-database away.",
        Assert.Single(await SiloProcess.FailAsync("--init-database")));
}
