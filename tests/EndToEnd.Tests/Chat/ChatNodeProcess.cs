using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>A node of the chat in a process of its own, at a port that the system chose.</summary>
public sealed class ChatNodeProcess : IAsyncDisposable
{
    private ChatNodeProcess(RunningProcess process, string name, string url)
    {
        Process = process;
        Name = name;
        Url = url;
    }

    public RunningProcess Process { get; }

    public string Name { get; }

    public string Url { get; }

    public static async Task<ChatNodeProcess> StartAsync(string name, int gatewayPort)
    {
        var process = ChatProcesses.Start(
            "--role", "node", "--name", name, "--urls", "http://127.0.0.1:0", "--gateway-port", $"{gatewayPort}");
        var line = await process.NextLineAsync("http://127.0.0.1:");
        return new ChatNodeProcess(process, name, line[line.IndexOf("http", StringComparison.Ordinal)..].Trim());
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
