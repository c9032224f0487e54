using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>The programs that these tests run, from the output of their build.</summary>
internal static class Programs
{
    public static RunningProcess Start(string[] folder, string assembly, params string[] args) => RunningProcess.StartDotnet(
        // bin/<configuration>/<framework> is the same for all projects, which are built together.
        RepositoryRoot.Combine([.. folder, "bin", .. ConfigurationAndFramework(), $"{assembly}.dll"]), args);

    private static string[] ConfigurationAndFramework()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        return [folder.Parent!.Name, folder.Name];
    }
}
