namespace OrleansRooms.TestKit.Redis;

/// <summary>Where this machine has a redis-server.</summary>
internal static class RedisProgram
{
    public const string HowToGetIt =
        "No redis-server found: install one (on Debian, the package redis-server) or name its path in REDIS_SERVER_PATH.";

    /// <summary>The path in <c>REDIS_SERVER_PATH</c>, else the first redis-server on the path, else <see langword="null"/>.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("REDIS_SERVER_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        var name = OperatingSystem.IsWindows() ? "redis-server.exe" : "redis-server";
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
