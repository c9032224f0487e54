using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>A real server in which silos find each other, and the settings that lead there.</summary>
internal sealed class ClusterStore : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;

    private ClusterStore(IAsyncDisposable server, string clustering, string connectionString)
    {
        _server = server;
        (Clustering, ConnectionString) = (clustering, connectionString);
    }

    /// <summary>The value of <c>Rooms:Clustering</c>, and the name of the setting that has the connection string.</summary>
    public string Clustering { get; }

    public string ConnectionString { get; }

    /// <summary>The settings as arguments of a program.</summary>
    public string[] Settings => ["--Rooms:Clustering", Clustering, $"--Rooms:{Clustering}", ConnectionString];

    public static async Task<ClusterStore> StartRedisAsync()
    {
        var redis = await RedisServer.StartAsync();
        return new ClusterStore(redis, "Redis", redis.ConnectionString);
    }

    /// <summary>Starts a PostgreSQL server and lets the silo program prepare its database.</summary>
    public static async Task<ClusterStore> StartPostgresAsync()
    {
        var postgres = await PostgresServer.StartAsync();
        var store = new ClusterStore(postgres, "Postgres", postgres.ConnectionString);
        try
        {
            await using var preparation = Programs.Start(["src", "Silo"], "OrleansRooms.Silo", ["--init-database", .. store.Settings]);
            Assert.Equal(0, await preparation.WaitForExitAsync());
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
