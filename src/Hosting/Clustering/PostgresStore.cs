using Npgsql;
using Orleans.Hosting;
using OrleansRooms.Hosting.Clustering.Postgres;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>Tables in a PostgreSQL database.</summary>
internal sealed class PostgresStore : ClusterStore
{
    // The name under which Orleans knows the driver.
    private const string Invariant = "Npgsql";

    public override IEnumerable<string> Failures(RoomsClusterOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Postgres))
        {
            yield return "Rooms:Postgres is empty; set it to the database, such as " +
                "Host=localhost;Database=rooms;Username=rooms;Password=....";
        }
        else if (!TryParse(options.Postgres, out var builder) || string.IsNullOrEmpty(builder.Host))
        {
            yield return "Rooms:Postgres is no PostgreSQL connection string; write it like " +
                "Host=localhost;Database=rooms;Username=rooms;Password=....";
        }
    }

    public override void Configure(ISiloBuilder silo, RoomsClusterOptions options) => silo.UseAdoNetClustering(database =>
    {
        database.Invariant = Invariant;
        database.ConnectionString = options.Postgres!;
    });

    public override void Configure(IClientBuilder client, RoomsClusterOptions options) => client.UseAdoNetClustering(database =>
    {
        database.Invariant = Invariant;
        database.ConnectionString = options.Postgres!;
    });

    public override async Task CheckAsync(RoomsClusterOptions options, CancellationToken cancellationToken)
    {
        var isPrepared = await UseAsync(options, PostgresSchema.IsCompleteAsync, cancellationToken).ConfigureAwait(false);
        if (!isPrepared)
        {
            throw new RoomsStartException(
                $"The PostgreSQL database {Describe(options)} has no membership tables; run the silo once with --init-database.");
        }
    }

    /// <summary>Makes what is missing of the tables, and leaves what is there.</summary>
    /// <exception cref="RoomsStartException">The database does not answer or does not allow it.</exception>
    public async Task InitializeAsync(RoomsClusterOptions options, CancellationToken cancellationToken) => await UseAsync(
        options,
        async (connection, cancellation) =>
        {
            await PostgresSchema.ApplyAsync(connection, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public override string Describe(RoomsClusterOptions options)
    {
        var builder = Parse(options);
        return $"{builder.Database ?? builder.Username} at {builder.Host}:{builder.Port}";
    }

    private async Task<T> UseAsync<T>(
        RoomsClusterOptions options, Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            var connection = new NpgsqlConnection(options.Postgres);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                return await use(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException exception)
        {
            throw new RoomsStartException(Explain(exception, options), exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new RoomsStartException(
                $"No PostgreSQL server answers for {Describe(options)}; start it there, or correct Rooms:Postgres.", exception);
        }
    }

    private string Explain(PostgresException exception, RoomsClusterOptions options) => exception.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL refuses the credentials for {Describe(options)}; correct Username and Password in Rooms:Postgres.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"There is no PostgreSQL database {Describe(options)}; create it, or correct Database in Rooms:Postgres.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"PostgreSQL does not allow the user of Rooms:Postgres to use {Describe(options)} ({exception.MessageText}); grant it, or " +
            "name another user.",
        _ =>
            $"PostgreSQL refuses to work with {Describe(options)}: {exception.MessageText} ({exception.SqlState}); correct the database " +
            "or Rooms:Postgres.",
    };

    private static NpgsqlConnectionStringBuilder Parse(RoomsClusterOptions options) =>
        TryParse(options.Postgres!, out var builder) ? builder : throw new InvalidOperationException("Rooms:Postgres was not validated.");

    private static bool TryParse(string connectionString, out NpgsqlConnectionStringBuilder builder)
    {
        builder = new NpgsqlConnectionStringBuilder();
        try
        {
            builder.ConnectionString = connectionString;
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
