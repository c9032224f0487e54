using System.Reflection;
using OrleansRooms.TestKit;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Where the programs are that are started, built with the same configuration as this one.</summary>
internal static class ProgramFiles
{
    private static readonly string Configuration = typeof(ProgramFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "Configuration").Value!;

    public static string ProbeNode => Find("benchmarks/ProbeNode");

    public static string BareRelay => Find("benchmarks/BareRelay");

    public static string Silo => Find("src/Silo");

    public static string PeerFolder => RepositoryRoot.Combine("benchmarks", "ClusterLoad", "peer");

    private static string Find(string project) => RepositoryRoot.Combine(
        project, "bin", Configuration, "net10.0", $"OrleansRooms.{Path.GetFileName(project)}.dll");
}
