using System.Reflection;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Packages.Tests;

/// <summary>The SDK's command line, which leaves no process behind and reads nothing of the build that runs these tests.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The configuration that the tests, and so the libraries beside them, were built in.</summary>
    public static string Configuration => Metadata(nameof(Configuration));

    /// <summary>The folder with the packages that this repository's restore fetched.</summary>
    public static string PackageRoot => Metadata("NuGetPackageRoot");

    /// <summary>Runs a command to its end, which has to be a success, and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string folder, params string[] args)
    {
        await using var process = RunningProcess.Start(
            "env",
            [
                "-u", "MSBuildSDKsPath", "-u", "MSBUILD_EXE_PATH", "-u", "MSBuildLoadMicrosoftTargetsReadOnly", "MSBUILDDISABLENODEREUSE=1",
                "dotnet", .. args,
            ],
            folder);
        var exitCode = await process.WaitForExitAsync(Patience);
        Assert.True(exitCode == 0, $"{process.Title} ended with {exitCode}: {process.Output}{process.Errors}");
        return process.Output;
    }

    private static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
