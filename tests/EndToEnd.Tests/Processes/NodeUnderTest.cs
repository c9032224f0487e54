using System.Text.Json;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.TestKit.JavaScript;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>A node in a process of its own, at a port that the system chose.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private NodeUnderTest(RunningProcess process, string name, string url)
    {
        Process = process;
        Name = name;
        Url = url;
    }

    public RunningProcess Process { get; }

    public string Name { get; }

    public string Url { get; }

    /// <summary>Starts tests/NodeProgram and waits until it takes part in the cluster.</summary>
    public static Task<NodeUnderTest> StartAsync(string name, params string[] args) => WhenReadyAsync(
        Programs.Start(["tests", "NodeProgram"], "OrleansRooms.NodeProgram", ["--name", name, .. args]), name, "listening at ",
        "This process is node");

    /// <summary>Waits until a program says where it listens, and then all else that it says when it is ready.</summary>
    public static async Task<NodeUnderTest> WhenReadyAsync(RunningProcess process, string name, string listening, params string[] ready)
    {
        try
        {
            var line = await process.NextLineAsync(listening);
            foreach (var text in ready) await process.NextLineAsync(text);
            return new NodeUnderTest(process, name, line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>A client of a node, which can ask the node what tests/NodeProgram answers.</summary>
internal sealed record NodeClient(JsClient Js, NodeUnderTest Node, string Id)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Asks the node and fails if it has no whole answer.</summary>
    public async Task<T> AskAsync<T>(string question, params object?[] args)
    {
        var answer = await Js.EmitWithAckAsync(question, args);
        Assert.False(answer.TryGetProperty("error", out _), $"{Node.Name}, {question}: {answer}");
        return answer.GetProperty("value").Deserialize<T>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Asks the node until the answer is right or nobody would wait any longer.</summary>
    public async Task<T> AskUntilAsync<T>(Func<T, bool> isRight, string question, params object?[] args)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var answer = await Js.EmitWithAckAsync(question, args);
            if (answer.TryGetProperty("value", out var value) && value.Deserialize<T>(JsonSerializerOptions.Web) is { } found
                && isRight(found))
            {
                return found;
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"{Node.Name} still answers {question}({string.Join(", ", args)}) with {answer}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Joins rooms.</summary>
    public Task JoinAsync(params string[] rooms) => AskAsync<object>("join", [rooms]);

    /// <summary>Waits until the room's members are told a size.</summary>
    public Task SizeIsAsync(string room, int sockets) =>
        Js.NextAsync("size", e => e.Get<string>(0) == room && e.Get<int>(1) == sockets);

    /// <summary>What a node has said in a room so far, in the order in which it was heard; it is not taken.</summary>
    public IEnumerable<string> Heard(NodeUnderTest by, string room) => Js.Waiting
        .Where(e => e.Name == "said" && e.Get<string>(0) == by.Name && e.Get<string>(2) == room).Select(e => e.Get<string>(1)!);

    /// <summary>Waits for what a node says to a room.</summary>
    public Task SaidAsync(NodeUnderTest by, string text) =>
        Js.NextAsync("said", e => e.Get<string>(0) == by.Name && e.Get<string>(1) == text);
}
