using System.Text.Json;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Events;

/// <summary>Events with stock clients (section H of the acceptance list).</summary>
public sealed class EventTests(JsClientsFixture js) : ServerTests(js)
{
    [Theory]
    [Trait("Behaviour", "64")]
    [MemberData(nameof(Transports))]
    public async Task Values_OfEveryKind_SurviveTheRoundTrip(string transport)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
        object?[] values =
        [
            "Grüße 🙂 žluťoučký 日本語 \u2028", "", null, true, false, 0, -1.5, 9007199254740991,
            new object?[] { 1, new object?[] { "x", Array.Empty<int>() } },
            new Dictionary<string, object?> { ["a b"] = new Dictionary<string, object?> { ["ü"] = null } },
        ];

        await client.EmitAsync("message", [.. values, JsValue.Date(DateTimeOffset.UnixEpoch)]);

        var back = await client.NextAsync("message-back");
        Assert.Equal(
            [.. values.Select(Canonical), "\"1970-01-01T00:00:00.000Z\""], back.Args.Select(arg => Canonical(arg)));

        static string Canonical(object? value) => JsonSerializer.Serialize(JsonSerializer.SerializeToElement(value));
    }

    [Theory]
    [Trait("Behaviour", "61")]
    [MemberData(nameof(Transports))]
    public async Task Binary_AnywhereInTheArguments_SurvivesTheRoundTrip(string transport)
    {
        var server = await StartAsync(SuiteServer.ConfigureEcho);
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.EmitAsync(
            "message", new byte[] { 1, 2, 3 }, new { list = new object[] { "x", new byte[] { 4 }, new { deep = Array.Empty<byte>() } } },
            "text");

        var back = await client.NextAsync("message-back");
        Assert.Equal([1, 2, 3], back.Get<byte[]>());
        var list = back.Args[1].GetProperty("list");
        Assert.Equal([4], list[1].As<byte[]>());
        Assert.Equal([], list[2].GetProperty("deep").As<byte[]>()!);
        Assert.Equal("text", back.Get<string>(2));
    }

    [Theory]
    [Trait("Behaviour", "65")]
    [MemberData(nameof(Transports))]
    public async Task Events_TextAndBinaryMixed_AreHandledInOrder(string transport)
    {
        const int count = 100;
        var handled = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("n", context =>
        {
            handled.Add(context.Get<int>(0));
            if (handled.Count == count)
            {
                all.SetResult();
            }
        })));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));

        await client.RunAsync(
            """
            async (socket, count) => {
              for (let i = 0; i < count; i++) {
                if (i % 3) socket.emit("n", i); else socket.emit("n", i, Buffer.alloc(i));
                if (i % 10 === 0) await new Promise((go) => setTimeout(go, 1));
              }
            }
            """,
            count);

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, count), handled);
    }

    [Fact]
    [Trait("Behaviour", "66")]
    public async Task Emit_ReservedName_Throws()
    {
        var server = await StartAsync();

        foreach (var name in new[] { "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener" })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await server.IO.EmitAsync(name));
        }
    }

    [Fact]
    [Trait("Behaviour", "68")]
    public async Task Volatile_RightAfterARegularEvent_IsDropped()
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.On("go", async _ =>
        {
            await socket.EmitAsync("ev", "regular");
            await socket.Volatile.EmitAsync("ev", "volatile");
            await socket.EmitAsync("end");
        })));

        foreach (var transport in new[] { "polling", "websocket" })
        {
            var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
            await client.EmitAsync("go");
            await client.NextAsync("end");
            Assert.Equal(["regular"], client.Waiting.Where(e => e.Name == "ev").Select(e => e.Get<string>()));
        }
    }

    [Theory]
    [Trait("Behaviour", "68")]
    [MemberData(nameof(PlainTransports))]
    public async Task Volatile_OnAnIdleConnection_IsDelivered(string transport)
    {
        var connected = new TaskCompletionSource<ISocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await StartAsync(io => io.OnConnection(connected.SetResult));
        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
        var socket = await connected.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // Until the transport can take one: a poll is waiting, or the WebSocket has sent everything before.
        JsEvent? received = null;
        for (var attempt = 0; received is null && attempt < 100; attempt++)
        {
            await socket.Volatile.EmitAsync("ev", "volatile", new byte[] { 1 });
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            received = client.Waiting.FirstOrDefault(e => e.Name == "ev");
        }

        Assert.Equal("volatile", received?.Get<string>());
        Assert.Equal([1], received!.Get<byte[]>(1));
    }

    [Theory]
    [Trait("Behaviour", "61")]
    [MemberData(nameof(Transports))]
    public async Task Server_EmitsTypedValues_ClientReceivesThem(string transport)
    {
        var server = await StartAsync(io => io.OnConnection(socket => socket.EmitAsync(
            "values", 1, "zwei", new { three = new byte[] { 3 }, Four = new[] { 4 } }, new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            null)));

        var client = await Js.ConnectAsync(server.Address.ToString(), Options(transport));
        var values = await client.NextAsync("values");

        Assert.Equal(1, values.Get<int>());
        Assert.Equal("zwei", values.Get<string>(1));
        Assert.Equal([3], values.Args[2].GetProperty("three").As<byte[]>());
        Assert.Equal([4], values.Args[2].GetProperty("four").As<int[]>()!);
        Assert.Equal("1970-01-01T00:00:00.000Z", values.Get<string>(3));
        Assert.Equal(JsonValueKind.Null, values.Args[4].ValueKind);
    }
}
