namespace OrleansRooms.TestKit.Processes;

/// <summary>The repository's own programs, as processes, from the output of their build.</summary>
public static class Programs
{
    /// <summary>The configuration and the framework of the tests, which is that of all projects: they are built together.</summary>
    public static string[] ConfigurationAndFramework
    {
        get
        {
            // bin/<configuration>/<framework>
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            return [folder.Parent!.Name, folder.Name];
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="folder">The folder of its project, from the repository's root.</param>
    /// <param name="assembly">The name of its assembly.</param>
    /// <param name="args">Its arguments.</param>
    public static RunningProcess Start(string[] folder, string assembly, params string[] args) => RunningProcess.StartDotnet(
        RepositoryRoot.Combine([.. folder, "bin", .. ConfigurationAndFramework, $"{assembly}.dll"]), args);
}
