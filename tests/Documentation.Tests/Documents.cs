using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

/// <summary>The documents that show code: the README, what is under docs, and the READMEs of samples and packages.</summary>
internal static class Documents
{
    public static IReadOnlyList<string> All { get; } = Find();

    public static string Read(string document) => File.ReadAllText(RepositoryRoot.Combine(document));

    private static List<string> Find()
    {
        var root = RepositoryRoot.Combine();
        var files = Directory.EnumerateFiles(root, "*.md")
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(new[] { "samples", "src" }.SelectMany(top => Directory.EnumerateDirectories(RepositoryRoot.Combine(top)))
                .SelectMany(project => Directory.EnumerateFiles(project, "*.md")));
        return [.. files.Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }
}
