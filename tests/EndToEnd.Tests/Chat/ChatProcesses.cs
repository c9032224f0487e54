using OrleansRooms.EndToEnd.Tests.Processes;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>The programs of samples/Chat as a person would start them.</summary>
internal static class ChatProcesses
{
    public static RunningProcess Start(params string[] args) => Programs.Start(["samples", "Chat"], "OrleansRooms.Samples.Chat", args);

    public static async Task<RunningProcess> StartSiloAsync(int siloPort, int gatewayPort)
    {
        var silo = Start("--role", "silo", "--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}");
        await silo.NextLineAsync("Ctrl+C");
        return silo;
    }

    /// <summary>Starts a node at a port of its own choice, or at one that it can be started at again.</summary>
    public static Task<NodeUnderTest> StartNodeAsync(string name, int gatewayPort, int port = 0) => NodeUnderTest.WhenReadyAsync(
        Start("--role", "node", "--name", name, "--urls", $"http://127.0.0.1:{port}", "--gateway-port", $"{gatewayPort}"), name,
        "http://127.0.0.1:");
}
