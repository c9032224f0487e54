using OrleansRooms.Hosting;
using OrleansRooms.Hosting.Clustering;

namespace OrleansRooms.Silo;

/// <summary>
/// What the program does with <c>--init-database</c> instead of being a silo: prepares the database that silos need, and ends.
/// </summary>
internal static class DatabaseInitialization
{
    public const string Switch = "--init-database";

    /// <summary>Makes what is missing in the database. Doing it again changes nothing.</summary>
    /// <exception cref="RoomsStartException">There is nothing to prepare, or the database does not allow it.</exception>
    public static async Task RunAsync(string[] args)
    {
        // The switch has no value, and the reader of the command line would take the next argument for it.
        var configuration = SiloConfiguration.Read([.. args.Where(arg => arg != Switch)]);
        var options = RoomsClusterSection.Read(configuration, configure: null);
        if (ClusterStore.Of(options.Clustering) is not PostgresStore postgres)
        {
            throw new RoomsStartException(
                $"{Switch} prepares a PostgreSQL database, but Rooms:Clustering is {options.Clustering}; set it to Postgres, or leave " +
                $"{Switch} away.");
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        await postgres.InitializeAsync(options, interrupted.Token);
        Console.WriteLine($"The database {postgres.Describe(options)} is ready for silos.");
    }
}
