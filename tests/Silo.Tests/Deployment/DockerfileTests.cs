using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>The Dockerfiles can build: what they copy is there and is enough, and what they start is what they published.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Known = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "ENTRYPOINT"];

    public static TheoryData<string> Paths => [.. Dockerfile.Paths];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Instructions_AreKnown_AndStagesAreNamedBeforeTheyAreUsed(string path)
    {
        var file = Dockerfile.Read(path);
        Assert.Equal("FROM", file.Instructions[0].Name);
        var stages = new List<string>();
        foreach (var instruction in file.Instructions)
        {
            Assert.Contains(instruction.Name, Known);
            Assert.NotEmpty(instruction.Words);
            if (instruction.Name == "FROM" && instruction.Words is [_, "AS", var stage])
            {
                stages.Add(stage);
            }

            if (instruction.Words.FirstOrDefault(word => word.StartsWith("--from=", StringComparison.Ordinal)) is { } from)
            {
                Assert.Contains(from["--from=".Length..], stages);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Images_AreOfTheFrameworkThatTheProjectsTarget(string path)
    {
        var framework = XDocument.Load(RepositoryRoot.Combine("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        Assert.All(Dockerfile.Read(path).All("FROM"), from =>
        {
            Assert.StartsWith("mcr.microsoft.com/dotnet/", from.Words[0], StringComparison.Ordinal);
            Assert.EndsWith($":{framework["net".Length..]}", from.Words[0], StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void WhatIsCopied_IsEverythingThatTheBuildReads(string path)
    {
        var file = Dockerfile.Read(path);
        var copied = file.Copied.ToList();
        Assert.All(copied, source => Assert.True(Path.Exists(RepositoryRoot.Combine(source.Split('/'))), $"{source} is not there."));

        var read = new HashSet<string>();
        Visit(Directory.EnumerateFiles(RepositoryRoot.Combine(file.Project.Split('/')), "*.csproj").Single(), read);
        Visit(RepositoryRoot.Combine("Directory.Build.props"), read);
        Assert.Contains("eng/BannedSymbols.txt", read);
        // Without .editorconfig the build has other warnings, which are errors.
        Assert.All(
            read.Concat([".editorconfig", "global.json", "Directory.Packages.props"]),
            needed => Assert.Contains(copied, source => needed == source || needed.StartsWith(source + "/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void WhatRuns_IsWhatWasPublished_AndHasNoRights(string path)
    {
        var file = Dockerfile.Read(path);
        var last = file.LastStage.ToList();
        var project = Directory.EnumerateFiles(RepositoryRoot.Combine(file.Project.Split('/')), "*.csproj").Single();

        var command = JsonSerializer.Deserialize<string[]>(last.Single(instruction => instruction.Name == "ENTRYPOINT").Arguments)!;
        Assert.Equal(["dotnet", $"{Path.GetFileNameWithoutExtension(project)}.dll"], command);
        Assert.Equal("$APP_UID", last.Last(instruction => instruction.Name == "USER").Arguments);
    }

    /// <summary>Collects a project or file of MSBuild and what it names of the repository.</summary>
    private static void Visit(string file, HashSet<string> read)
    {
        if (!read.Add(Path.GetRelativePath(RepositoryRoot.Combine(), file).Replace('\\', '/'))
            || Path.GetExtension(file) is not (".csproj" or ".props" or ".targets"))
        {
            return;
        }

        var folder = Path.GetDirectoryName(file)!;
        var xml = XDocument.Load(file);
        var projects = xml.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value)
            .Concat(xml.Descendants("Import").Select(import => import.Attribute("Project")!.Value))
            .Where(target => !target.Contains('$', StringComparison.Ordinal));
        var besides = Besides().Matches(File.ReadAllText(file)).Select(match => match.Groups["path"].Value);
        foreach (var target in projects.Concat(besides).Select(target => Path.GetFullPath(Path.Combine(folder, target.Replace('\\', '/'))))
            .Where(File.Exists))
        {
            Visit(target, read);
        }
    }

    // What a file names beside itself.
    [GeneratedRegex(@"\$\(MSBuildThisFileDirectory\)(?<path>[\w./\\-]+)")]
    private static partial Regex Besides();
}
