using OrleansRooms.SocketIO;
using OrleansRooms.TestKit;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Events;

/// <summary>Catch-all listeners and packet middlewares with stock clients (behaviours 67 and 86, protocol.md 2.3 and 2.6).</summary>
public sealed class CatchAllTests(JsClientsFixture js) : ServerTests(js)
{
    private readonly Inbox<string> _heard = new(() => "the listeners");

    [Theory]
    [Trait("Behaviour", "67")]
    [MemberData(nameof(Transports))]
    public async Task OnAny_HearsWhatComesInInOrderUntilRemoved(string transport)
    {
        ISocket? socket = null;
        IDisposable? first = null;
        var server = await StartAsync(io => io.OnConnection(connected =>
        {
            socket = connected;
            first = connected.OnAny(e => _heard.Add($"first {e.EventName} {string.Join(',', e.Get<byte[]>(0) ?? [])} {e.ExpectsAck}"));
            connected.PrependAny(e => _heard.Add($"prepended {e.EventName}"));
            connected.On("known", (byte[] bytes) => bytes.Length);
        }));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        Assert.Equal(2, (await client.EmitWithAckAsync("known", new byte[] { 1, 2 })).GetInt32());
        await client.EmitAsync("unknown");
        await ExpectAsync("prepended known", "first known 1,2 True", "prepended unknown", "first unknown  False");

        first!.Dispose();
        await client.EmitWithAckAsync("known", Array.Empty<byte>());
        await ExpectAsync("prepended known");

        socket!.OffAny();
        await client.EmitWithAckAsync("known", Array.Empty<byte>());
        Assert.Empty(_heard.Waiting);
    }

    [Theory]
    [Trait("Behaviour", "67")]
    [MemberData(nameof(Transports))]
    public async Task OnAnyOutgoing_HearsEmitsAndBroadcastsButNoAcks(string transport)
    {
        ISocket? socket = null;
        IDisposable? first = null;
        var server = await StartAsync(io => io.OnConnection(connected =>
        {
            socket = connected;
            first = connected.OnAnyOutgoing(e => _heard.Add($"first {e.EventName} {string.Join(',', e.Get<byte[]>(0) ?? [])}"));
            connected.PrependAnyOutgoing(e => _heard.Add($"prepended {e.EventName}"));
            connected.On("ask", () => "answer");
        }));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.EmitWithAckAsync("ask");
        await socket!.EmitAsync("direct", new byte[] { 1 });
        await server.IO.EmitAsync("to all", new byte[] { 2 });
        await server.IO.To(socket!.Id).EmitAsync("to its room", new byte[] { 3 });
        await ExpectAsync(
            "prepended direct", "first direct 1", "prepended to all", "first to all 2", "prepended to its room", "first to its room 3");

        first!.Dispose();
        await socket.EmitAsync("direct");
        await ExpectAsync("prepended direct");

        socket.OffAnyOutgoing();
        await socket.EmitAsync("end");
        await client.NextAsync("end");
        await client.EmitWithAckAsync("ask");
        Assert.Empty(_heard.Waiting);
    }

    [Theory]
    [Trait("Behaviour", "86")]
    [MemberData(nameof(Transports))]
    public async Task Use_RewritesEventsAndTheirArguments(string transport)
    {
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            socket.Use(async (packet, next) =>
            {
                if (packet.EventName == "old name")
                {
                    packet.EventName = "new name";
                    packet.Args[0] = packet.Get<string>(0)!.ToUpperInvariant();
                    packet.Args.Add(new byte[] { 7 });
                }

                await Task.Yield();
                await next();
            });
            socket.On("new name", (string text, byte[] added) => $"{text} {added[0]}");
            socket.On("old name", () => "not rewritten");
        }));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        Assert.Equal("HELLO 7", (await client.EmitWithAckAsync("old name", "hello")).GetString());
    }

    [Theory]
    [Trait("Behaviour", "86")]
    [MemberData(nameof(Transports))]
    public async Task Use_Refusing_IsAnErrorOfTheServerAndTheClientHearsNothing(string transport)
    {
        var server = await StartAsync(io => io.OnConnection(socket =>
        {
            socket.Use((packet, next) => packet.EventName == "forbidden" ? throw new UnauthorizedAccessException("not you") : next());
            socket.Use((packet, next) =>
            {
                _heard.Add($"second middleware {packet.EventName}");
                return next();
            });
            socket.OnError(exception => _heard.Add($"error {exception.Message}"));
            socket.On("forbidden", () => _heard.Add("handler"));
            socket.On("allowed", () => true);
        }));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.RunAsync("""(socket) => { socket.emit("forbidden", () => socket.emit("answered")); }""");
        Assert.True((await client.EmitWithAckAsync("allowed")).GetBoolean());

        await ExpectAsync("error not you", "second middleware allowed");
        Assert.DoesNotContain(client.Waiting, e => e.Name is not "$upgrade");
        Assert.Empty(_heard.Waiting);
    }

    private async Task ExpectAsync(params string[] expected)
    {
        foreach (var what in expected)
        {
            Assert.Equal(what, await _heard.TakeAsync(_ => true, what));
        }
    }
}
