namespace OrleansRooms.TestKit.Postgres;

/// <summary>Where this machine has the programs of a PostgreSQL server.</summary>
internal static class PostgresPrograms
{
    public const string HowToGetThem =
        "No PostgreSQL server found: install one (on Debian, the package postgresql) or name the folder of its programs in POSTGRES_BIN.";

    // Debian has one folder per version, and none of them on the path.
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>
    /// The folder with <c>initdb</c> and <c>postgres</c>: <c>POSTGRES_BIN</c>, else Debian's newest, else one on the path.
    /// </summary>
    public static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("POSTGRES_BIN") is { Length: > 0 } named)
        {
            return named;
        }

        var debian = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot).OrderByDescending(Version).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres"))
            && File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int Version(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
