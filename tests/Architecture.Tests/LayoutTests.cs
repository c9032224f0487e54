using System.Text.RegularExpressions;

namespace OrleansRooms.Architecture.Tests;

public sealed partial class LayoutTests
{
    private const int LongestLine = 140;

    private static readonly string[] MeaninglessFolders = ["Helpers", "Common", "Utils", "Utilities", "Models", "Interfaces", "Misc"];

    // Still to be done; goes when their lines are.
    private static readonly string[] WideFolders =
    [
        "src/Membership/",
    ];

    private static readonly string[] TopFolders = ["src", "tests", "samples", "benchmarks", "eng"];

    public static TheoryData<string> Libraries =>
    [
        .. Directory.EnumerateDirectories(Repository.PathOf("src"))
            .Select(path => Path.GetFileName(path)!).Where(name => name is not "Silo").Order(),
    ];

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_HasItsTestsBesideIt(string library) =>
        Assert.True(
            File.Exists(Repository.PathOf($"tests/{library}.Tests/OrleansRooms.{library}.Tests.csproj")),
            $"src/{library} has no tests/{library}.Tests.");

    [Fact]
    public void Folders_AreNamedAfterConcepts()
    {
        var folders = new[] { "src", "tests", "samples" }
            .SelectMany(top => Directory.EnumerateDirectories(Repository.PathOf(top), "*", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or "wwwroot"));

        Assert.DoesNotContain(folders, path => MeaninglessFolders.Contains(Path.GetFileName(path)));
    }

    /// <summary>C# and JavaScript of our own; what tools generate is not looked at.</summary>
    [Theory]
    [InlineData("*.cs")]
    [InlineData("*.js")]
    [InlineData("*.mjs")]
    public void Lines_AreNotTooLong(string kind)
    {
        var files = TopFolders
            .SelectMany(top => Directory.EnumerateFiles(Repository.PathOf(top), kind, SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"))
            .Where(path => !WideFolders.Any(folder => path.StartsWith(Repository.PathOf(folder), StringComparison.Ordinal)))
            .ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(TooLongLines));
    }

    [Fact]
    public void Line_ThatIsTooLong_IsNamed()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, [new string('a', LongestLine), new string('b', LongestLine + 1)]);

            Assert.Equal($"{Path.GetRelativePath(Repository.Root, file)}:2 has 141 columns", Assert.Single(TooLongLines(file)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Texts that clients may choose are logged as LogText, which cuts and escapes them.</summary>
    [Fact]
    public void Logs_ShowNoTextOfClientsAsItIs()
    {
        var logs = new[] { "EngineIO", "SocketIO", "Messaging", "Membership", "AdapterClient" }
            .SelectMany(library => Directory.EnumerateFiles(Repository.PathOf($"src/{library}"), "*.Log.cs", SearchOption.AllDirectories))
            .ToArray();

        Assert.NotEmpty(logs);
        Assert.DoesNotContain(logs, log => ClientTextAsString().IsMatch(File.ReadAllText(log)));
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Repository.PathOf("OrleansRooms.sln"));
        var projects = TopFolders
            .Select(Repository.PathOf).Where(Directory.Exists)
            .SelectMany(top => Directory.EnumerateFiles(top, "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetFileName(path)!);

        Assert.All(projects, project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    /// <summary>A path in backticks or in a relative link that begins like one of ours has to exist; X stands for any name.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_NamesOnlyPathsThatExist(string document)
    {
        var text = File.ReadAllText(Repository.PathOf(document));
        var folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        var missing = new List<string>();
        foreach (Match match in PathInBackticks().Matches(text))
        {
            var path = match.Groups["path"].Value;
            if (!AnyName().IsMatch(path) && !Path.Exists(Repository.PathOf(path)))
            {
                missing.Add(path);
            }
        }

        foreach (Match match in RelativeLink().Matches(text))
        {
            var path = match.Groups["path"].Value;
            if (!Path.Exists(Path.GetFullPath(Path.Combine(folder, path))))
            {
                missing.Add(path);
            }
        }

        Assert.Empty(missing);
    }

    private static IEnumerable<string> TooLongLines(string path) =>
        File.ReadLines(path).Index().Where(line => line.Item.Length > LongestLine)
            .Select(line => $"{Path.GetRelativePath(Repository.Root, path)}:{line.Index + 1} has {line.Item.Length} columns");

    [GeneratedRegex(@"\bstring\?? (@namespace|room|eventName|rule|origin|host)\b")]
    private static partial Regex ClientTextAsString();

    [GeneratedRegex(@"`(?<path>(?:src|tests|samples|docs|benchmarks|node|eng|deploy)/[\w./-]*\w)/?`")]
    private static partial Regex PathInBackticks();

    [GeneratedRegex(@"/X\b")]
    private static partial Regex AnyName();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<path>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex RelativeLink();
}
