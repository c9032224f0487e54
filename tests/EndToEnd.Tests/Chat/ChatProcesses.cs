using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Chat;

/// <summary>The programs of samples/Chat as a person would start them, from the output of their build.</summary>
internal static class ChatProcesses
{
    // bin/<configuration>/<framework> is the same for the sample as for these tests, which are built together.
    private static readonly string Assembly = RepositoryRoot.Combine(
        "samples", "Chat", "bin", ConfigurationAndFramework(), "OrleansRooms.Samples.Chat.dll");

    public static RunningProcess Start(params string[] args) => RunningProcess.StartDotnet(Assembly, args);

    public static async Task<RunningProcess> StartSiloAsync(int siloPort, int gatewayPort)
    {
        var silo = Start("--role", "silo", "--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}");
        await silo.NextLineAsync("Ctrl+C");
        return silo;
    }

    private static string ConfigurationAndFramework()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(folder.Parent!.Name, folder.Name);
    }
}
