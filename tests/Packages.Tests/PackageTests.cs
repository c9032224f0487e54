using System.Text;

namespace OrleansRooms.Packages.Tests;

/// <summary>What is in the packages.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTests(PackedLibraries packages)
{
    public static TheoryData<string> Names => [.. PackedLibraries.Names];

    [Fact]
    public void Libraries_BecomePackages_AndNothingElseDoes()
    {
        var packed = Directory.EnumerateFiles(packages.Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);
        var expected = PackedLibraries.Names.SelectMany(
            name => new[] { $"{name}.{packages.Version}.nupkg", $"{name}.{packages.Version}.snupkg" });

        Assert.Equal(expected.Order(StringComparer.Ordinal), packed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Package_SaysWhatItIs_AndHasDocumentationAndSymbols(string name)
    {
        using var package = packages.Open(name);
        using var symbols = packages.Open(name, "snupkg");

        Assert.Equal("MIT", package.Value("license"));
        Assert.Equal("OrleansRooms contributors", package.Value("authors"));
        Assert.True(package.Value("description") is { Length: > 40 and < 300 });
        Assert.Contains("socket.io", package.Value("tags"), StringComparison.Ordinal);
        Assert.Equal("README.md", package.Value("readme"));
        Assert.StartsWith($"# {name}\n", Encoding.UTF8.GetString(package.Read("README.md").ToArray()), StringComparison.Ordinal);
        Assert.Contains($"lib/net10.0/{name}.xml", package.Files);
        Assert.True(package.IsDeterministic($"lib/net10.0/{name}.dll"));
        Assert.Contains($"lib/net10.0/{name}.pdb", symbols.Files);
        Assert.All(
            package.Files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal)),
            file => Assert.Equal($"lib/net10.0/{name}.dll", file));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Package_DependsOnItsOwnKindInTheSameVersion_AndOnReleases(string name)
    {
        using var package = packages.Open(name);
        foreach (var (dependency, version) in package.Dependencies)
        {
            if (dependency.StartsWith("OrleansRooms.", StringComparison.Ordinal))
            {
                Assert.Equal(packages.Version, version);
            }
            else
            {
                Assert.DoesNotContain('-', version);
                Assert.DoesNotContain("Analyzers", dependency, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Who takes the server alone gets no cluster with it, and who takes the wire formats gets nothing.</summary>
    [Theory]
    [InlineData("OrleansRooms.Protocol")]
    [InlineData("OrleansRooms.EngineIO", "OrleansRooms.Protocol")]
    [InlineData("OrleansRooms.SocketIO", "OrleansRooms.EngineIO", "OrleansRooms.Protocol")]
    [InlineData("OrleansRooms.Contracts", "Microsoft.Orleans.Sdk", "Microsoft.Orleans.Streaming")]
    [InlineData("OrleansRooms.PacketStreams", "Microsoft.Orleans.Sdk", "Microsoft.Orleans.Streaming", "OrleansRooms.Contracts")]
    public void Package_BringsNothingThatItsUsersDoNotNeed(string name, params string[] dependencies)
    {
        using var package = packages.Open(name);

        Assert.Equal(dependencies, package.Dependencies.Keys.Order(StringComparer.Ordinal));
    }
}
