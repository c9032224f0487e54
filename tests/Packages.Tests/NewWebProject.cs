using System.Text;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Packages.Tests;

/// <summary>
/// A web project of somebody who has the packages and not this repository. Its only source of packages is their folder, and it unpacks them
/// into a folder of its own, so that it gets these and no others; what they depend on it finds where this repository's restore put it.
/// </summary>
internal sealed class NewWebProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chat-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Writes the project and builds it.</summary>
    public async Task BuildAsync(PackedLibraries packages, string program, params string[] references)
    {
        Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="unpacked" /></config>
              <fallbackPackageFolders><clear /><add key="restored" value="{Dotnet.PackageRoot}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="packages" value="{packages.Folder}" /></packageSources>
            </configuration>
            """);
        var items = new StringBuilder();
        foreach (var reference in references)
        {
            items.AppendLine($"""    <PackageReference Include="{reference}" Version="{packages.Version}" />""");
        }

        Write("Chat.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
            {items}  </ItemGroup>
            </Project>
            """);
        Write("Program.cs", program);
        await Dotnet.RunAsync(_folder.FullName, "build", "-o", "out", "-p:UseSharedCompilation=false");
    }

    /// <summary>Starts the program.</summary>
    public RunningProcess Start(params string[] args) =>
        RunningProcess.StartDotnet(Path.Combine(_folder.FullName, "out", "Chat.dll"), args, _folder.FullName);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);
}
