namespace OrleansRooms.RandomWaits;

/// <summary>
/// The repository as it has been built, in a temporary folder that goes with this object: what is woven there is not taken for up to date
/// here.
/// </summary>
internal sealed class RepositoryCopy : IDisposable
{
    private static readonly HashSet<string> LeftOut = [".git", "obj", "benchmarks", "Release"];

    public RepositoryCopy(string root)
    {
        Root = Directory.CreateTempSubdirectory("orleansrooms-").FullName;
        Copy(new DirectoryInfo(root), Root);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>All assemblies of the project in the folders in which programs or tests run.</summary>
    public IEnumerable<string> Assemblies() =>
        Directory.EnumerateFiles(Root, "OrleansRooms.*.dll", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != Path.GetFileName(typeof(RepositoryCopy).Assembly.Location));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories().Where(folder => !LeftOut.Contains(folder.Name)))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }
}
