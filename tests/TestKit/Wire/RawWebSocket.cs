using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OrleansRooms.TestKit.Wire;

/// <summary>An Engine.IO client over WebSocket that does only what a test tells it, and shows the frames.</summary>
public sealed class RawWebSocket : IAsyncDisposable
{
    private readonly Inbox<RawFrame> _frames = new(() => "The raw WebSocket");
    private readonly CancellationTokenSource _disposing = new();
    private readonly ClientWebSocket _socket = new();
    private readonly bool _answerPings;
    private Task _reading = Task.CompletedTask;

    private RawWebSocket(bool answerPings) => _answerPings = answerPings;

    /// <summary>The frames that nobody took, oldest first.</summary>
    public IReadOnlyList<RawFrame> Waiting => _frames.Waiting;

    /// <summary>The headers of the server's 101.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> ResponseHeaders => _socket.HttpResponseHeaders!;

    /// <summary>Connects; the open packet of a new session is the first frame.</summary>
    /// <param name="server">The server's http address.</param>
    /// <param name="sid">The session to upgrade, or <see langword="null"/> for a new one.</param>
    /// <param name="path">Where Engine.IO is mapped.</param>
    /// <param name="extraQuery">More of the query, beginning with an ampersand.</param>
    /// <param name="answerPings">Whether pings are answered and hidden.</param>
    /// <param name="configure">Sets headers and the like.</param>
    /// <param name="http">What connects; HTTP/2 needs one.</param>
    /// <exception cref="UpgradeRefusedException">The server answered with something else than 101.</exception>
    public static async Task<RawWebSocket> ConnectAsync(
        Uri server,
        string? sid = null,
        string path = "/socket.io/",
        string extraQuery = "",
        bool answerPings = true,
        Action<ClientWebSocketOptions>? configure = null,
        HttpMessageInvoker? http = null)
    {
        var raw = new RawWebSocket(answerPings);
        raw._socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        raw._socket.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(raw._socket.Options);
        var session = sid is null ? "" : $"&sid={sid}";
        var address = new UriBuilder(server)
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Path = path,
            Query = $"EIO=4&transport=websocket{session}{extraQuery}",
        };
        try
        {
            await raw._socket.ConnectAsync(address.Uri, http, CancellationToken.None).WaitAsync(Inbox<RawFrame>.DefaultTimeout);
        }
        catch (WebSocketException e) when (raw._socket.HttpStatusCode != 0)
        {
            var status = raw._socket.HttpStatusCode;
            raw._socket.Dispose();
            throw new UpgradeRefusedException(status, e);
        }

        raw._reading = raw.ReadAsync();
        return raw;
    }

    /// <summary>Opens a new session and reads its open packet.</summary>
    public static async Task<(RawWebSocket Socket, JsonElement Handshake)> OpenAsync(Uri server, bool answerPings = true)
    {
        var raw = await ConnectAsync(server, answerPings: answerPings);
        var open = await raw.NextAsync();
        using var document = JsonDocument.Parse(open.Text.AsMemory(1));
        return (raw, document.RootElement.Clone());
    }

    /// <summary>Opens a new session and joins the main namespace.</summary>
    public static async Task<RawWebSocket> OpenAndJoinAsync(Uri server)
    {
        var (raw, _) = await OpenAsync(server);
        await raw.SendAsync("40");
        await raw.NextAsync(frame => frame.Text.StartsWith("40", StringComparison.Ordinal), "the answer to CONNECT");
        return raw;
    }

    /// <summary>Sends a text frame.</summary>
    public Task SendAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _disposing.Token);

    /// <summary>Sends a binary frame.</summary>
    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, _disposing.Token);

    /// <summary>Sends a text frame that the server may no longer want, because of what was sent before.</summary>
    public Task SendIfOpenAsync(string text) => IfOpenAsync(SendAsync(text));

    /// <summary>Sends a binary frame that the server may no longer want, because of what was sent before.</summary>
    public Task SendIfOpenAsync(byte[] bytes) => IfOpenAsync(SendAsync(bytes));

    /// <summary>Takes the next frame.</summary>
    public Task<RawFrame> NextAsync() => NextAsync(_ => true, "a frame");

    /// <summary>Takes the next frame that matches.</summary>
    public Task<RawFrame> NextAsync(Func<RawFrame, bool> matches, string description) => _frames.TakeAsync(matches, description);

    /// <summary>
    /// Waits until the connection is closed. The status that the server gave, 1000 when it gave none, or <see langword="null"/> when the
    /// connection was cut.
    /// </summary>
    public async Task<WebSocketCloseStatus?> WaitForCloseAsync()
    {
        await _reading.WaitAsync(Inbox<RawFrame>.DefaultTimeout);
        return _socket.CloseStatus;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _disposing.Dispose();
    }

    private static async Task IfOpenAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (WebSocketException)
        {
            // The server has closed the connection; whoever waits for that will see it.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer.AsMemory(), _disposing.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _disposing.Token);
                    break;
                }

                message.Write(buffer, 0, result.Count);
                if (!result.EndOfMessage)
                {
                    continue;
                }

                var frame = new RawFrame(message.ToArray(), result.MessageType == WebSocketMessageType.Binary);
                message.SetLength(0);
                if (_answerPings && frame is { IsBinary: false, Text: "2" })
                {
                    await SendAsync("3");
                }
                else
                {
                    _frames.Add(frame);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection was cut, by the server or by disposing this; the status tells which.
        }

        _frames.End("the WebSocket is closed");
    }
}

/// <summary>A message of a WebSocket.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="IsBinary">Whether it is binary rather than UTF-8 text.</param>
public sealed record RawFrame(byte[] Bytes, bool IsBinary)
{
    /// <summary>The bytes as text; empty for a binary message.</summary>
    public string Text => IsBinary ? "" : Encoding.UTF8.GetString(Bytes);

    /// <inheritdoc/>
    public override string ToString() =>
        IsBinary ? $"{Bytes.Length} bytes" : Text.Length <= 200 ? Text : $"{Text[..200]}... ({Text.Length} characters)";
}
