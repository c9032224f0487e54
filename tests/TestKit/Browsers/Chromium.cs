namespace OrleansRooms.TestKit.Browsers;

/// <summary>Where this machine has a Chromium.</summary>
internal static class Chromium
{
    private static readonly string[] KnownPaths =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    /// <summary>The path in <c>CHROME_PATH</c>, else the first usual one that exists, else <see langword="null"/>.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } path ? path : Array.Find(KnownPaths, File.Exists);
}
