using OrleansRooms.TestKit;

namespace OrleansRooms.Packages.Tests;

/// <summary>
/// The packages of all libraries, of the build that runs these tests and with a version that no cache can have, in a folder of their own.
/// </summary>
public sealed class PackedLibraries : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");

    /// <summary>The folder, which is a source of packages.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The version of all of them.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>The libraries under src, by the names of their packages; the silo is a program.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(RepositoryRoot.Combine("src"), "*.csproj", SearchOption.AllDirectories)
        .Select(project => Path.GetFileNameWithoutExtension(project)).Where(name => name != "OrleansRooms.Silo")
        .Order(StringComparer.Ordinal);

    public Task InitializeAsync() => Dotnet.RunAsync(
        RepositoryRoot.Combine(), "pack", "OrleansRooms.sln", "--no-build", "-c", Dotnet.Configuration, "-o", Folder,
        $"-p:PackageVersion={Version}");

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Opens a package, or its symbols.</summary>
    public Package Open(string name, string extension = "nupkg") => Package.Open(Path.Combine(Folder, $"{name}.{Version}.{extension}"));
}

/// <summary>The tests that look at the packages, which are made once.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackedLibraries>
{
    public const string Name = "Packages";
}
