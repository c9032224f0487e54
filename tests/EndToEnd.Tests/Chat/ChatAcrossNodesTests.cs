using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>Stock JavaScript clients on two nodes of the chat, which are processes of their own.</summary>
[Collection(ChatCluster.Collection)]
public sealed class ChatAcrossNodesTests(ChatCluster cluster)
{
    public static TheoryData<string> Transports => ["polling", "websocket", "upgrade"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Message_ClientsOnTwoNodes_EachHearsTheOther(string transport)
    {
        var room = cluster.NewRoom();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada", Options(transport));
        var ben = await cluster.JoinAsync(cluster.Second, room, "Ben", Options(transport));

        await ada.EmitWithAckAsync("message", new { room, text = "Hello from the first node" });
        await ben.EmitWithAckAsync("message", new { room, text = "Grüße vom zweiten 🙂" });

        foreach (var client in new[] { ada, ben })
        {
            // Each node delivers to its own members at once, so the two hear the messages in different order.
            Assert.Equal(new Said(room, "Ada", "Hello from the first node", "first"), await SaidByAsync(client, "Ada"));
            Assert.Equal(new Said(room, "Ben", "Grüße vom zweiten 🙂", "second"), await SaidByAsync(client, "Ben"));
        }

        if (transport != "upgrade")
        {
            Assert.Equal(transport, (await ada.StateAsync()).Transport);
        }
        else
        {
            await ada.NextAsync("$upgrade");
            await ben.NextAsync("$upgrade");
        }
    }

    [Fact]
    public async Task Members_SecondClientOnOtherNode_IsTwoOnBoth()
    {
        var room = cluster.NewRoom();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        var ben = await cluster.Js.ConnectAsync(cluster.Second.Url);

        var answer = await ben.EmitWithAckAsync("join", new { room, name = "Ben" });

        Assert.Equal(2, answer.GetProperty("members").GetInt32());
        await MembersAsync(ada, room, 2);
        await MembersAsync(ben, room, 2);
    }

    [Fact]
    public async Task Members_ClientLeaves_FallsOnTheOtherNode()
    {
        var room = cluster.NewRoom();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        var ben = await cluster.JoinAsync(cluster.Second, room, "Ben");
        await MembersAsync(ada, room, 2);

        await ben.EmitWithAckAsync("leave", new { room });

        await MembersAsync(ada, room, 1);
    }

    [Fact]
    public async Task Members_ClientProcessKilled_FallsOnTheOtherNode()
    {
        var room = cluster.NewRoom();
        await using var doomed = JsClients.Start();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        await cluster.JoinAsync(cluster.Second, room, "Ben", Options("websocket"), doomed);
        await MembersAsync(ada, room, 2);

        await doomed.KillAsync();

        await MembersAsync(ada, room, 1);
    }

    [Fact]
    public async Task Members_NodeKilled_FallsWithinTheNodeTimeout()
    {
        // The node timeout is 5 s; the rest is for a busy machine.
        var limit = TimeSpan.FromSeconds(15);
        var room = cluster.NewRoom();
        await using var doomed = await ChatProcesses.StartNodeAsync("doomed", cluster.GatewayPort);
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        var ben = await cluster.JoinAsync(doomed, room, "Ben");
        await MembersAsync(ada, room, 2);
        await MembersAsync(ben, room, 2);

        doomed.Process.Signal(ProcessSignal.Kill);

        await MembersAsync(ada, room, 1, limit);
    }

    [Fact]
    public async Task Message_AfterLeaving_IsNotHeard()
    {
        var room = cluster.NewRoom();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        var ben = await cluster.JoinAsync(cluster.Second, room, "Ben");
        await ben.EmitWithAckAsync("leave", new { room });

        await ada.EmitWithAckAsync("message", new { room, text = "Is anybody here?" });
        await ben.EmitWithAckAsync("join", new { room, name = "Ben" });
        await ada.EmitWithAckAsync("message", new { room, text = "Welcome back" });

        Assert.Equal("Welcome back", (await ben.NextAsync("message")).Get<Said>()!.Text);
    }

    [Fact]
    public async Task Messages_ManyFromOneClient_ArriveInOrderOnTheOtherNode()
    {
        const int count = 200;
        var room = cluster.NewRoom();
        var ada = await cluster.JoinAsync(cluster.First, room, "Ada");
        var ben = await cluster.JoinAsync(cluster.Second, room, "Ben");

        for (var i = 0; i < count; i++)
        {
            await ada.EmitAsync("message", new { room, text = $"{i}" });
        }

        for (var i = 0; i < count; i++)
        {
            Assert.Equal($"{i}", (await ben.NextAsync("message")).Get<Said>()!.Text);
        }
    }

    [Fact]
    public async Task Request_ThatCannotBe_IsAnsweredWithAnError()
    {
        var room = cluster.NewRoom();
        var client = await cluster.Js.ConnectAsync(cluster.First.Url);

        await RefusedAsync("join", new { room, name = " " });
        await RefusedAsync("join", new { room = new string('x', 65), name = "Ada" });
        await RefusedAsync("join", new { });
        await RefusedAsync("join", [null]);
        await RefusedAsync("leave", new { room });
        await RefusedAsync("message", new { room, text = "I am not in this room" });
        await client.EmitWithAckAsync("join", new { room, name = "Ada" });
        await RefusedAsync("message", new { room, text = new string('x', 1001) });

        async Task RefusedAsync(string name, params object?[] args) =>
            Assert.NotEqual("", (await client.EmitWithAckAsync(name, args)).GetProperty("error").GetString());
    }

    private static object Options(string transport) =>
        transport == "upgrade" ? new { } : new { transports = new[] { transport } };

    private static async Task<Said?> SaidByAsync(JsClient client, string name) =>
        (await client.NextAsync("message", e => e.Get<Said>()!.From == name)).Get<Said>();

    private static Task<JsEvent> MembersAsync(JsClient client, string room, int count, TimeSpan? timeout = null) =>
        client.NextAsync("members", e => e.Get<Members>() == new Members(room, count), timeout);

    private sealed record Said(string Room, string From, string Text, string Node);

    private sealed record Members(string Room, int Count);
}
