using System.Net;
using System.Net.Sockets;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.TestKit.Redis;

/// <summary>
/// A real redis-server with a port and a folder of its own, which keeps nothing on disk. It is killed at the latest when this is disposed.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    // Whoever takes the port between its choice and the start makes the start fail; another port does it.
    private const int Attempts = 3;

    private readonly RunningProcess _process;
    private readonly DirectoryInfo _folder;

    private RedisServer(RunningProcess process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>The port it listens at, on the loopback interface only.</summary>
    public int Port { get; }

    /// <summary>The process.</summary>
    public RunningProcess Process => _process;

    /// <summary>The connection string for StackExchange.Redis and for what is built on it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(FreePorts.Take(1)[0]);
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // It ended instead of accepting connections: the port was taken meanwhile.
            }
        }
    }

    /// <summary>
    /// Sends the process a signal: <see cref="ProcessSignal.Stop"/> makes it hang, <see cref="ProcessSignal.Kill"/> ends it at once.
    /// </summary>
    public void Signal(ProcessSignal signal) => _process.Signal(signal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<RedisServer> StartAsync(int port)
    {
        var program = RedisProgram.Find() ?? throw new InvalidOperationException(RedisProgram.HowToGetIt);
        var folder = Directory.CreateTempSubdirectory("redis-");
        var process = RunningProcess.Start(
            program,
            ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", folder.FullName, "--save", "", "--appendonly", "no"],
            folder.FullName);
        try
        {
            await process.NextLineAsync("Ready to accept connections");
            await PingAsync(port);
            return new RedisServer(process, folder, port);
        }
        catch
        {
            await process.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    private static async Task PingAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        if (await reader.ReadLineAsync() is var answer && answer != "+PONG")
        {
            throw new InvalidOperationException($"What listens at port {port} answered '{answer}' to PING.");
        }
    }
}
