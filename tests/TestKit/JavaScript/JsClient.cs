using System.Text.Json;

namespace OrleansRooms.TestKit.JavaScript;

/// <summary>One stock <c>socket.io-client</c> socket in a <see cref="JsClients"/> process.</summary>
public sealed class JsClient
{
    private static readonly TimeSpan AckTimeout = Inbox<JsEvent>.DefaultTimeout;

    private readonly JsClients _process;
    private readonly int _id;
    private readonly Inbox<JsEvent> _inbox;

    internal JsClient(JsClients process, int id, string url)
    {
        _process = process;
        _id = id;
        _inbox = new Inbox<JsEvent>(() => $"JavaScript client {id} of {url}");
    }

    /// <summary>What arrived and was not taken by <see cref="NextAsync(string, Func{JsEvent, bool}?, TimeSpan?)"/>, oldest first.</summary>
    public IReadOnlyList<JsEvent> Waiting => _inbox.Waiting;

    /// <summary>Takes the oldest event of a name that was not taken yet, waiting for it if need be.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="matches">Which of them; the first if not given.</param>
    /// <param name="timeout">How long to wait; one minute if not given.</param>
    public Task<JsEvent> NextAsync(string name, Func<JsEvent, bool>? matches = null, TimeSpan? timeout = null) =>
        _inbox.TakeAsync(
            e => e.Name == name && (matches is null || matches(e)),
            matches is null ? $"'{name}'" : $"a matching '{name}'",
            timeout);

    /// <summary><c>socket.emit(name, ...args)</c>.</summary>
    public Task EmitAsync(string name, params object?[] args) => _process.CallAsync("emit", new { client = _id, @event = name, args });

    /// <summary><c>socket.emit(name, ...args, callback)</c>; the answer's first argument, <c>undefined</c> when it has none.</summary>
    public async Task<JsonElement> EmitWithAckAsync(string name, params object?[] args)
    {
        var answer = await EmitWithAckListAsync(name, args);
        return answer.Length > 0 ? answer[0] : default;
    }

    /// <summary><c>socket.emit(name, ...args, callback)</c>; all arguments of the answer.</summary>
    public async Task<JsonElement[]> EmitWithAckListAsync(string name, params object?[] args)
    {
        var parameters = new { client = _id, @event = name, args, timeout = (int)AckTimeout.TotalMilliseconds };
        var answer = await _process.CallAsync("emitWithAck", parameters, AckTimeout + TimeSpan.FromSeconds(5));
        return [.. answer.EnumerateArray()];
    }

    /// <summary><c>socket.disconnect()</c>.</summary>
    public Task DisconnectAsync() => _process.CallAsync("disconnect", new { client = _id });

    /// <summary><c>socket.connect()</c>; waits for the connection.</summary>
    public async Task ConnectAgainAsync()
    {
        await _process.CallAsync("connect", new { client = _id });
        await NextAsync("connect");
    }

    /// <summary>Ends the connection without a word to the server, as when the network goes away; the client will reconnect.</summary>
    public Task DropAsync() => _process.CallAsync("drop", new { client = _id });

    /// <summary>The socket as it is now.</summary>
    public async Task<JsClientState> StateAsync() => (await _process.CallAsync("state", new { client = _id })).As<JsClientState>()!;

    /// <summary>Runs a JavaScript function, which may be asynchronous, with the socket and the arguments.</summary>
    /// <param name="function">Its source, for example <c>(socket, n) => socket.volatile.emit("x", n)</c>.</param>
    /// <param name="args">What it gets after the socket.</param>
    public Task<JsonElement> RunAsync(string function, params object?[] args) =>
        _process.CallAsync("run", new { client = _id, code = function, args });

    internal void OnEvent(JsEvent e) => _inbox.Add(e);

    internal void OnProcessEnded() => _inbox.End("the process has ended");
}

/// <summary>A JavaScript socket at one moment.</summary>
/// <param name="Id"><c>socket.id</c>.</param>
/// <param name="Connected"><c>socket.connected</c>.</param>
/// <param name="Recovered"><c>socket.recovered</c>.</param>
/// <param name="Transport"><c>socket.io.engine.transport.name</c>.</param>
public sealed record JsClientState(string? Id, bool Connected, bool Recovered, string? Transport);
