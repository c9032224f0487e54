using Npgsql;
using OrleansRooms.Hosting.Clustering;
using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Hosting.Tests;

public sealed class PostgresStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly PostgresStore _store = new();

    [PostgresFact]
    public async Task DatabaseThatIsNotPrepared_IsOneSentence_AndPreparingItHelps()
    {
        var database = await postgres.CreateDatabaseAsync();

        Assert.Equal(
            $"The PostgreSQL database {database.Database} at 127.0.0.1:{database.Port} has no membership tables; run the silo once with " +
            "--init-database.",
            await RefusalAsync(database));
        await _store.InitializeAsync(Options(database), CancellationToken.None);
        await _store.CheckAsync(Options(database), CancellationToken.None);
    }

    [PostgresFact]
    public async Task PreparingAgain_AndAtTheSameTime_KeepsWhatIsThere()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _store.InitializeAsync(Options(database), CancellationToken.None)));
        await ExecuteAsync(database, "INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES ('kept')");

        await _store.InitializeAsync(Options(database), CancellationToken.None);

        Assert.Equal(1L, await ExecuteAsync(database, "SELECT count(*) FROM OrleansMembershipVersionTable WHERE DeploymentId = 'kept'"));
        await _store.CheckAsync(Options(database), CancellationToken.None);
    }

    [PostgresFact]
    public async Task DatabaseThatDoesNotExist_IsOneSentence()
    {
        var database = await postgres.CreateDatabaseAsync();
        database.Database = "elsewhere";

        Assert.Equal(
            $"There is no PostgreSQL database elsewhere at 127.0.0.1:{database.Port}; create it, or correct Database in Rooms:Postgres.",
            await RefusalAsync(database));
    }

    [PostgresFact]
    public async Task WrongPassword_IsOneSentenceThatDoesNotShowIt()
    {
        var database = await postgres.CreateDatabaseAsync();
        database.Password = "open barley";

        Assert.Equal(
            $"PostgreSQL refuses the credentials for {database.Database} at 127.0.0.1:{database.Port}; correct Username and Password in " +
            "Rooms:Postgres.",
            await RefusalAsync(database));
    }

    [PostgresFact]
    public async Task UserWhoMayNotReadTheTables_IsOneSentence()
    {
        var database = await postgres.CreateDatabaseAsync();
        await _store.InitializeAsync(Options(database), CancellationToken.None);
        await ExecuteAsync(database, "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        (database.Username, database.Password) = ("guest", "guest");

        Assert.EndsWith("; grant it, or name another user.", await RefusalAsync(database), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoServer_IsOneSentence()
    {
        var port = FreePorts.Take(1)[0];

        Assert.Equal(
            $"No PostgreSQL server answers for rooms at 127.0.0.1:{port}; start it there, or correct Rooms:Postgres.",
            await RefusalAsync(
                new NpgsqlConnectionStringBuilder
                {
                    Host = "127.0.0.1",
                    Port = port,
                    Database = "rooms",
                    Username = "rooms",
                    Password = "open sesame",
                }));
    }

    private static RoomsClusterOptions Options(NpgsqlConnectionStringBuilder database) =>
        new() { Clustering = RoomsClustering.Postgres, Postgres = database.ConnectionString };

    private static async Task<object?> ExecuteAsync(NpgsqlConnectionStringBuilder database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task<string> RefusalAsync(NpgsqlConnectionStringBuilder database) =>
        (await Assert.ThrowsAsync<RoomsStartException>(() => _store.CheckAsync(Options(database), CancellationToken.None))).Message;
}
