using OrleansRooms.SocketIO;
using SocketIOClient;
using SocketIOClient.Transport;

namespace OrleansRooms.Conformance.Tests.Clients;

/// <summary>The C# client from NuGet, on both transports and across the upgrade.</summary>
public sealed class CSharpClientTests(JsClientsFixture js) : ServerTests(js)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Client_ConnectsEmitsAcksAndSendsBinary(string transport)
    {
        var handshake = new TaskCompletionSource<(string? Token, string? Query)>();
        var answer = new TaskCompletionSource<(int Number, byte[]? Bytes)>();
        var left = new TaskCompletionSource<string>();
        var server = await StartAsync(io => io.Of("/chat").OnConnection(socket =>
        {
            handshake.SetResult((socket.Handshake.Auth.GetString("token"), socket.Handshake.Query["room"]));
            socket.OnDisconnect(reason => left.SetResult(reason.ToProtocolString()));
            socket.On("echo", context => context.AckCoreAsync(context.Arguments()));
            socket.On("message", context => socket.EmitCoreAsync("message-back", context.Arguments()));
            socket.On("ask me", async _ =>
            {
                var ack = await socket.Timeout(Long).EmitWithAckCoreAsync("question", ["how many?", new byte[] { 9, 8 }]);
                answer.SetResult((ack.Get<int>(0), ack.Get<byte[]>(1)));
            });
        }));
        using var client = new SocketIOClient.SocketIO(new Uri(server.Address, "/chat"), new SocketIOClient.SocketIOOptions
        {
            Transport = transport == "websocket" ? TransportProtocol.WebSocket : TransportProtocol.Polling,
            AutoUpgrade = transport == "upgrade",
            Reconnection = false,
            Auth = new { token = "secret" },
            Query = [new("room", "7")],
        });
        client.HttpClient = new HttpClient(new OnePostAfterTheOther());
        var connected = new TaskCompletionSource();
        client.OnConnected += (_, _) => connected.SetResult();
        var back = new TaskCompletionSource<(string Text, byte[] Bytes, int Count)>();
        client.On("message-back", response =>
            back.SetResult((response.GetValue<string>(0), response.GetValue<Upload>(1).Content, response.Count)));
        client.On("question", response => _ = response.CallbackAsync(response.GetValue<string>().Length, response.GetValue<byte[]>(1)));

        await client.ConnectAsync().WaitAsync(Long);
        await connected.Task.WaitAsync(Long);
        Assert.Equal(("secret", "7"), await handshake.Task.WaitAsync(Long));
        Assert.Equal(transport == "polling" ? TransportProtocol.Polling : TransportProtocol.WebSocket, client.Options.Transport);

        await client.EmitAsync("message", "hello", new Upload { Name = "a.bin", Content = [1, 2, 3] });
        var (text, bytes, count) = await back.Task.WaitAsync(Long);
        Assert.Equal(("hello", 2), (text, count));
        Assert.Equal([1, 2, 3], bytes);

        var acked = new TaskCompletionSource<(int, byte[])>();
        await client.EmitAsync(
            "echo", response => acked.SetResult((response.GetValue<int>(), response.GetValue<byte[]>(1))), 42, new byte[] { 4, 5 });
        var (number, echoed) = await acked.Task.WaitAsync(Long);
        Assert.Equal(42, number);
        Assert.Equal([4, 5], echoed);

        await client.EmitAsync("ask me");
        var (length, answered) = await answer.Task.WaitAsync(Long);
        Assert.Equal("how many?".Length, length);
        Assert.Equal([9, 8], answered);

        await client.DisconnectAsync();
        Assert.Equal("client namespace disconnect", await left.Task.WaitAsync(Long));
    }

    /// <summary>
    /// The client posts a packet while the one before has not been answered yet, which ends a session (Engine.IO protocol: a client has
    /// one POST request at a time).
    /// </summary>
    private sealed class OnePostAfterTheOther() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly SemaphoreSlim _post = new(1);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Post) return await base.SendAsync(request, cancellationToken);
            await _post.WaitAsync(cancellationToken);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                _post.Release();
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _post.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Upload
    {
        public string Name { get; init; } = "";

        public byte[] Content { get; init; } = [];
    }
}
