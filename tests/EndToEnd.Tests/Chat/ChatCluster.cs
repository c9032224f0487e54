using OrleansRooms.EndToEnd.Tests.Processes;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>
/// A silo and two nodes, three processes, and a process of JavaScript clients. Shared by the tests of a collection, each of which uses a
/// room of its own.
/// </summary>
public sealed class ChatCluster : IAsyncLifetime
{
    public const string Collection = "Chat cluster";

    private int _lastRoom;
    private RunningProcess _silo = null!;

    internal NodeUnderTest First { get; private set; } = null!;

    internal NodeUnderTest Second { get; private set; } = null!;

    public JsClients Js { get; private set; } = null!;

    public int GatewayPort { get; private set; }

    public string NewRoom() => $"room-{Interlocked.Increment(ref _lastRoom)}";

    public async Task InitializeAsync()
    {
        var ports = FreePorts.Take(2);
        GatewayPort = ports[1];
        _silo = await ChatProcesses.StartSiloAsync(ports[0], GatewayPort);
        var nodes = await Task.WhenAll(
            ChatProcesses.StartNodeAsync("first", GatewayPort), ChatProcesses.StartNodeAsync("second", GatewayPort));
        (First, Second) = (nodes[0], nodes[1]);
        Js = JsClients.Start();
    }

    public async Task DisposeAsync()
    {
        await Js.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await _silo.DisposeAsync();
    }

    /// <summary>Connects a client to a node and joins a room.</summary>
    internal async Task<JsClient> JoinAsync(NodeUnderTest node, string room, string name, object? options = null, JsClients? js = null)
    {
        var client = await (js ?? Js).ConnectAsync(node.Url, options);
        var answer = await client.EmitWithAckAsync("join", new { room, name });
        Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        Assert.Equal(room, answer.GetProperty("room").GetString());
        return client;
    }
}

/// <summary>The tests that share a <see cref="ChatCluster"/>.</summary>
[CollectionDefinition(ChatCluster.Collection)]
public sealed class ChatClusterTests : ICollectionFixture<ChatCluster>;
