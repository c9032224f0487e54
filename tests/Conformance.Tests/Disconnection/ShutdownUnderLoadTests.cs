using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests.Disconnection;

/// <summary>A host that stops while everybody talks: nobody is left without a word, and nothing is logged as an error.</summary>
public sealed class ShutdownUnderLoadTests(JsClientsFixture js) : ServerTests(js)
{
    private const int ClientsPerTransport = 20;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Host_StopsUnderLoad_EveryClientSeesTransportClose()
    {
        var served = 0;
        var isBusy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new CountdownEvent(3 * ClientsPerTransport);
        var server = await StartAsync(io => io.OnConnection(async socket =>
        {
            await socket.JoinAsync("everybody");
            socket.OnDisconnect(reason =>
            {
                Assert.Equal(DisconnectReason.ServerShuttingDown, reason);
                left.Signal();
            });
            socket.On("talk", async (EventContext context) =>
            {
                await socket.To("everybody").EmitAsync("heard", context.Get<byte[]>(0));
                await context.AckAsync();
                if (Interlocked.Increment(ref served) == 2000)
                {
                    isBusy.SetResult();
                }
            });
        }));
        var clients = new List<JsClient>();
        foreach (var transport in new[] { "polling", "websocket", "upgrade" })
        {
            for (var i = 0; i < ClientsPerTransport; i++)
            {
                clients.Add(await Js.ConnectAsync(server.Address.ToString(), LoadOptions(transport)));
            }
        }

        await Task.WhenAll(clients.Select(client => client.RunAsync(
            """
            (socket) => {
              socket.offAny();
              const talk = () => { if (socket.connected) socket.emit("talk", Buffer.alloc(200), talk); };
              talk(); talk();
            }
            """)));
        await isBusy.Task.WaitAsync(Long);

        await server.StopAsync().WaitAsync(Long);

        Assert.Equal(0, left.CurrentCount);
        var reasons = await Task.WhenAll(clients.Select(async client => (await client.NextAsync("disconnect")).Get<string>()));
        Assert.Equal(clients.Select(_ => "transport close"), reasons);

        Assert.Empty(server.Errors);
    }

    private static object LoadOptions(string transport) => new
    {
        transports = transport == "upgrade" ? ["polling", "websocket"] : new[] { transport },
        reconnection = false,
    };
}
