using OrleansRooms.TestKit;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Packages.Tests;

/// <summary>
/// Packages of a release, made in clones of a repository that has a remote: the wire formats stand for all, which share how they are
/// packed.
/// </summary>
public sealed class CloneTests : IDisposable
{
    private const string Remote = "https://github.com/example/rooms";
    private const string Name = "OrleansRooms.Protocol";

    private static readonly string[] Sources =
    [
        "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "eng", "src/Directory.Build.props",
        "src/Protocol",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clones-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SameCommit_GivesTheSameBytesInEveryFolder_AndDebuggersFindItsSources()
    {
        var origin = Path.Combine(_folder.FullName, "origin");
        foreach (var source in Sources)
        {
            Copy(RepositoryRoot.Combine(source), Path.Combine(origin, source));
        }

        await GitAsync(origin, "init", "--quiet");
        await GitAsync(origin, "add", ".");
        await GitAsync(
            origin, "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "commit", "--quiet", "--message", "Sources");
        var commit = (await GitAsync(origin, "rev-parse", "HEAD")).Trim();
        using var one = await PackAsync(origin, "one");
        using var other = await PackAsync(origin, "other");
        using var symbols = Package.Open(Path.Combine(_folder.FullName, "one", "out", $"{Name}.0.1.0.snupkg"));

        var assembly = $"lib/net10.0/{Name}.dll";
        Assert.Equal(one.Read(assembly).ToArray(), other.Read(assembly).ToArray());
        Assert.Equal($"{Remote}.git", one.Element("repository")!.Attribute("url")!.Value);
        Assert.Equal(commit, one.Element("repository")!.Attribute("commit")!.Value);
        Assert.Contains(
            $"https://raw.githubusercontent.com/example/rooms/{commit}/*", symbols.SourceLink($"lib/net10.0/{Name}.pdb"),
            StringComparison.Ordinal);
    }

    private async Task<Package> PackAsync(string origin, string folder)
    {
        var clone = Path.Combine(_folder.FullName, folder);
        await GitAsync(_folder.FullName, "clone", "--quiet", origin, clone);
        await GitAsync(clone, "remote", "set-url", "origin", $"{Remote}.git");
        await Dotnet.RunAsync(
            clone, "pack", "src/Protocol", "-o", "out", "-p:ContinuousIntegrationBuild=true", "-p:UseSharedCompilation=false");
        return Package.Open(Path.Combine(clone, "out", $"{Name}.0.1.0.nupkg"));
    }

    private static async Task<string> GitAsync(string folder, params string[] args)
    {
        await using var git = RunningProcess.Start("git", args, folder);
        var exitCode = await git.WaitForExitAsync();
        Assert.True(exitCode == 0, $"{git.Title} ended with {exitCode}: {git.Errors}");
        return git.Output;
    }

    private static void Copy(string source, string destination)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        if (File.Exists(source))
        {
            File.Copy(source, destination);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(source, file);
            if (path.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            {
                Copy(file, Path.Combine(destination, path));
            }
        }
    }
}
