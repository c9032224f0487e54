using System.Text.Json;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>A client that comes back again and again while events go on (behaviour 92 without a network).</summary>
public sealed class RecoveryUnderLoadTests
{
    [Fact]
    public async Task EventsAndReturns_AtTheSameTime_NothingIsLostOrDoubled()
    {
        const int events = 3000;
        var server = new TestServer(o => o.ConnectionStateRecovery = new ConnectionStateRecoveryOptions());
        var seen = new List<int>();
        var current = await RecoverableClient.OpenAsync(server);
        var emitting = Task.Run(async () =>
        {
            for (var i = 1; i <= events; i++)
            {
                await server.Io.EmitAsync("n", i);
                if (i % 50 == 0) await Task.Yield();
            }
        });

        // The client reads a little, loses its connection and comes back, again and again, while events go on.
        while (seen.Count < events)
        {
            var gone = RecoverableClient.WhenNextDisconnects(server, current.Sid);
            for (var i = 0; i < 40 && seen.Count < events; i++)
            {
                var (number, offset) = ReadNumber(await current.Client.NextAsync());
                seen.Add(number);
                current = current with { Offset = offset };
            }

            if (seen.Count == events) break;
            current.Client.End();
            await gone;
            var client = server.Open();
            client.Say($$"""40{"pid":"{{current.Pid}}","offset":"{{current.Offset}}"}""");
            while (true)
            {
                var frame = await client.NextAsync();
                if (frame.StartsWith("40", StringComparison.Ordinal))
                {
                    Assert.Equal(current.Sid, RecoverableClient.Parse(frame, client).Sid);
                    break;
                }

                var (number, offset) = ReadNumber(frame);
                seen.Add(number);
                current = current with { Offset = offset };
            }

            current = current with { Client = client };
        }

        await emitting;
        Assert.Equal(Enumerable.Range(1, events), seen);

        static (int, string) ReadNumber(string frame)
        {
            var args = JsonDocument.Parse(frame[2..]).RootElement;
            return (args[1].GetInt32(), args[2].GetString()!);
        }
    }
}
