using System.Collections.Concurrent;
using System.Text.Json;

namespace OrleansRooms.TestKit.JavaScript;

/// <summary>
/// A Node.js process with any number of stock <c>socket.io-client</c> sockets in it. Disposing it, killing it or ending the tests ends
/// the process.
/// </summary>
public sealed class JsClients : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, JsClient> _clients = new();
    private readonly NodeProcess _process;
    private int _lastClient;

    private JsClients() => _process = NodeProcess.Start("clients.mjs", OnNotification);

    /// <summary>Starts the process.</summary>
    public static JsClients Start() => new();

    /// <summary>
    /// Opens a socket and waits until it is connected to its namespace, the path of <paramref name="url"/>. Each has a connection of
    /// its own unless the options say <c>forceNew = false</c>.
    /// </summary>
    /// <param name="url">The server's address with the namespace.</param>
    /// <param name="options">The options of <c>io(url, options)</c>; <c>parser = "msgpack"</c> stands for socket.io-msgpack-parser.</param>
    public async Task<JsClient> ConnectAsync(string url, object? options = null)
    {
        var client = await OpenAsync(url, options);
        await client.NextAsync("connect");
        return client;
    }

    /// <summary>Opens a socket and returns without waiting for its connection.</summary>
    /// <param name="url">The server's address with the namespace.</param>
    /// <param name="options">The options of <c>io(url, options)</c>.</param>
    public async Task<JsClient> OpenAsync(string url, object? options = null)
    {
        var id = Interlocked.Increment(ref _lastClient);
        var client = new JsClient(this, id, url);
        _clients[id] = client;
        await CallAsync("open", new { client = id, url, options = options ?? new { } });
        return client;
    }

    /// <summary>Kills the process, so that no client says goodbye to its server.</summary>
    public async Task KillAsync()
    {
        await _process.KillAsync();
        EndInboxes();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        EndInboxes();
    }

    internal Task<JsonElement> CallAsync(string op, object parameters, TimeSpan? timeout = null) =>
        _process.CallAsync(op, parameters, timeout);

    private void OnNotification(JsonElement message)
    {
        int? answer = message.TryGetProperty("answer", out var number) ? number.GetInt32() : null;
        _clients[message.GetProperty("client").GetInt32()].OnEvent(
            new JsEvent(this, message.GetProperty("event").GetString()!, [.. message.GetProperty("args").EnumerateArray()], answer));
    }

    private void EndInboxes()
    {
        foreach (var (_, client) in _clients)
        {
            client.OnProcessEnded();
        }
    }
}
