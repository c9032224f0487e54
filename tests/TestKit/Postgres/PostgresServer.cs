using System.Globalization;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.TestKit.Postgres;

/// <summary>
/// A real PostgreSQL server with a port and a folder of its own, which does not care to survive a power cut. It is stopped at the latest
/// when this is disposed. The server refuses to run as root, so under root it runs as the user <c>postgres</c>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "rooms";
    private const string Password = "open sesame";

    // The name that Debian's package gives the user, and the fallback on machines without.
    private static readonly string[] UnprivilegedUsers = ["postgres", "nobody"];
    private static readonly TimeSpan InitializationTime = TimeSpan.FromSeconds(60);

    // Whoever takes the port between its choice and the start makes the start fail; another port does it.
    private const int Attempts = 3;

    private readonly RunningProcess _process;
    private readonly DirectoryInfo _folder;

    private PostgresServer(RunningProcess process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>The port it listens at, on the loopback interface only.</summary>
    public int Port { get; }

    /// <summary>The connection string for Npgsql, with the password of a user that may do anything, to an empty database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={User};Password={Password}";

    /// <summary>Creates a database cluster and starts a server on it; both take a second or two.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var programs = PostgresPrograms.FindFolder() ?? throw new InvalidOperationException(PostgresPrograms.HowToGetThem);
        var folder = Directory.CreateTempSubdirectory("postgres-");
        try
        {
            await InitializeAsync(programs, folder);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await StartAsync(programs, folder, FreePorts.Take(1)[0]);
                }
                catch (InvalidOperationException) when (attempt < Attempts)
                {
                    // It ended instead of accepting connections: the port was taken meanwhile.
                }
            }
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Sends the server's main process a signal.</summary>
    public void Signal(ProcessSignal signal) => _process.Signal(signal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Asked, it ends its helpers and removes its shared memory.
        _process.Signal(ProcessSignal.Interrupt);
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task InitializeAsync(string programs, DirectoryInfo folder)
    {
        var passwordFile = Path.Combine(folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["-R", UnprivilegedUser(), folder.FullName], folder.FullName);
        }

        await RunAsUserAsync(
            Path.Combine(programs, "initdb"),
            [
                "--pgdata", DataFolder(folder), "--username", User, "--pwfile", passwordFile, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C", "--no-sync",
            ],
            folder.FullName);
    }

    private static async Task<PostgresServer> StartAsync(string programs, DirectoryInfo folder, int port)
    {
        string[] settings =
            ["listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB"];
        var (program, args) = AsUser(
            Path.Combine(programs, "postgres"),
            [
                "-D", DataFolder(folder), "-p", port.ToString(CultureInfo.InvariantCulture), "-k", folder.FullName,
                .. settings.SelectMany(setting => new[] { "-c", setting }),
            ]);
        var process = RunningProcess.Start(program, args, folder.FullName);
        try
        {
            await process.NextLineAsync("database system is ready to accept connections");
            return new PostgresServer(process, folder, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static string DataFolder(DirectoryInfo folder) => Path.Combine(folder.FullName, "data");

    private static Task RunAsUserAsync(string program, string[] args, string folder)
    {
        var (asUser, allArgs) = AsUser(program, args);
        return RunAsync(asUser, allArgs, folder);
    }

    private static async Task RunAsync(string program, string[] args, string folder)
    {
        await using var process = RunningProcess.Start(program, args, folder);
        if (await process.WaitForExitAsync(InitializationTime) is var exitCode && exitCode != 0)
        {
            throw new IOException($"{process.Title} ended with {exitCode}: {process.Output}{process.Errors}");
        }
    }

    private static (string Program, string[] Args) AsUser(string program, string[] args)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return (program, args);
        }

        var user = UnprivilegedUser();
        return ("setpriv", [$"--reuid={user}", $"--regid={user}", "--clear-groups", program, .. args]);
    }

    private static string UnprivilegedUser()
    {
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return Array.Find(UnprivilegedUsers, known.Contains)
            ?? throw new InvalidOperationException(
                $"PostgreSQL does not run as root, and there is no user {string.Join(" or ", UnprivilegedUsers)}.");
    }
}
