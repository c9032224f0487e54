using System.Reflection;
using Npgsql;

namespace OrleansRooms.Hosting.Clustering.Postgres;

/// <summary>
/// The tables and queries that Orleans' ADO.NET clustering expects in the database. Its package has no scripts for them, so they are this
/// project's own, with the names that Orleans documents: a database that was prepared with Microsoft's scripts is complete too.
/// </summary>
internal static class PostgresSchema
{
    // Any number that is always the same: two silos that prepare the database at once wait for each other.
    private const long Lock = 0x726F_6F6D_7331;

    /// <summary>Whether everything is there that Orleans asks for at its start.</summary>
    public static async Task<bool> IsCompleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsTrueAsync(
            connection,
            "SELECT to_regclass('OrleansQuery') IS NOT NULL AND to_regclass('OrleansMembershipTable') IS NOT NULL AND " +
            "to_regclass('OrleansMembershipVersionTable') IS NOT NULL",
            cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        return await IsTrueAsync(
            connection, "SELECT EXISTS (SELECT 1 FROM OrleansQuery WHERE QueryKey = 'MembershipReadAllKey')",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes what is missing, all of it or nothing.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(
                connection, await ReadScriptAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<string> ReadScriptAsync(CancellationToken cancellationToken)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var reader = new StreamReader(assembly.GetManifestResourceStream($"{typeof(PostgresSchema).Namespace}.Schema.sql")!);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(query, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
