using System.Text.Json;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>A client and what it needs to come back as the socket it was.</summary>
internal sealed record RecoverableClient(TestClient Client, string Sid, string Pid, string Offset)
{
    /// <summary>A client that has entered and has seen one event, so that it has an offset.</summary>
    public static async Task<RecoverableClient> OpenAsync(TestServer server)
    {
        var client = server.Open();
        client.Say("40");
        var identity = Parse(await client.NextAsync(), client);
        await server.Io.To(identity.Sid).EmitAsync("seen");
        // What the server's own listeners send may come first.
        var seen = await client.NextAsync("""42["seen",""");
        return identity with { Offset = JsonDocument.Parse(seen[2..]).RootElement[1].GetString()! };
    }

    /// <summary>A client that has lost its connection.</summary>
    public static async Task<RecoverableClient> LoseAsync(TestServer server)
    {
        var identity = await OpenAsync(server);
        var gone = WhenNextDisconnects(server, identity.Sid);
        identity.Client.End();
        await gone;
        return identity;
    }

    public static async Task<RecoverableClient> ReturnAsync(TestServer server, RecoverableClient former, TestClient? client = null)
    {
        client ??= server.Open();
        client.Say($$"""40{"pid":"{{former.Pid}}","offset":"{{former.Offset}}"}""");
        return Parse(await client.NextAsync(), client);
    }

    public static RecoverableClient Parse(string connect, TestClient client)
    {
        Assert.StartsWith("40{", connect, StringComparison.Ordinal);
        var reply = JsonDocument.Parse(connect[2..]).RootElement;
        return new RecoverableClient(client, reply.GetProperty("sid").GetString()!, reply.GetProperty("pid").GetString()!, "");
    }

    public static Task WhenNextDisconnects(TestServer server, string? sid = null)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (sid is null)
        {
            server.Io.OnConnection(socket => { socket.OnDisconnect(_ => gone.TrySetResult()); });
        }
        else
        {
            server.Io.Sockets[sid].OnDisconnect(_ => gone.TrySetResult());
        }

        return gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
