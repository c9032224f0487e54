namespace OrleansRooms.TestKit;

/// <summary>Finds files of the repository from a test that runs somewhere below it.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Root = new(Find);

    /// <summary>The full path of a file or folder that is given relative to the repository's root.</summary>
    public static string Combine(params string[] parts) => Path.Combine([Root.Value, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansRooms.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"No OrleansRooms.sln above {AppContext.BaseDirectory}: the tests use files of the repository and must run inside it.");
    }
}
