using System.Reflection;

namespace OrleansRooms.Architecture.Tests;

public sealed class WingTests
{
    [Fact]
    public void ProjectFiles_KeepTheWingsApart()
    {
        var graph = ProjectGraph.Load(Repository.PathOf("src"));

        Assert.Empty(WingRules.Violations(graph));
        Assert.Superset(
            new HashSet<string>([WingRules.Ground, .. WingRules.SocketIOWing, .. WingRules.OrleansWing, WingRules.Bridge]),
            graph.Names.ToHashSet());
    }

    [Theory]
    [InlineData("OrleansRooms.SocketIO", """<PackageReference Include="Microsoft.Orleans.Client" />""", "Microsoft.Orleans.Client")]
    [InlineData("OrleansRooms.SocketIO", """<ProjectReference Include="..\Grains\OrleansRooms.Grains.csproj" />""", "OrleansRooms.Grains")]
    [InlineData("OrleansRooms.Protocol",
        """<PackageReference Include="Microsoft.Orleans.Serialization" />""", "Microsoft.Orleans.Serialization")]
    [InlineData("OrleansRooms.Protocol", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    [InlineData("OrleansRooms.Grains", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    [InlineData("OrleansRooms.Contracts", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    [InlineData("OrleansRooms.Contracts",
        """<ProjectReference Include="..\Protocol\OrleansRooms.Protocol.csproj" />""", "OrleansRooms.Protocol")]
    [InlineData("OrleansRooms.PacketStreams", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    [InlineData("OrleansRooms.PacketStreams",
        """<ProjectReference Include="..\Protocol\OrleansRooms.Protocol.csproj" />""", "OrleansRooms.Protocol")]
    [InlineData("OrleansRooms.Grains",
        """<ProjectReference Include="..\Messaging\OrleansRooms.Messaging.csproj" />""", "OrleansRooms.Messaging")]
    [InlineData("OrleansRooms.Messaging",
        """<ProjectReference Include="..\Grains\OrleansRooms.Grains.csproj" />""", "OrleansRooms.Grains")]
    [InlineData("OrleansRooms.Messaging",
        """<ProjectReference Include="..\SocketIO\OrleansRooms.SocketIO.csproj" />""", "OrleansRooms.SocketIO")]
    [InlineData("OrleansRooms.Emitter",
        """<ProjectReference Include="..\SocketIO\OrleansRooms.SocketIO.csproj" />""", "OrleansRooms.SocketIO")]
    [InlineData("OrleansRooms.Grains",
        """<ProjectReference Include="..\SocketIO\OrleansRooms.SocketIO.csproj" />""", "OrleansRooms.SocketIO")]
    [InlineData("OrleansRooms.Membership",
        """<ProjectReference Include="..\SocketIO\OrleansRooms.SocketIO.csproj" />""", "OrleansRooms.SocketIO")]
    [InlineData("OrleansRooms.Membership",
        """<ProjectReference Include="..\EngineIO\OrleansRooms.EngineIO.csproj" />""", "OrleansRooms.EngineIO")]
    [InlineData("OrleansRooms.Membership",
        """<ProjectReference Include="..\AdapterClient\OrleansRooms.AdapterClient.csproj" />""", "OrleansRooms.AdapterClient")]
    [InlineData("OrleansRooms.SocketIO",
        """<ProjectReference Include="..\Membership\OrleansRooms.Membership.csproj" />""", "OrleansRooms.Membership")]
    [InlineData("OrleansRooms.Membership", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    public void Rule_FindsAPlantedReference(string project, string reference, string reached)
    {
        var graph = new ProjectGraph();
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var text = File.ReadAllText(file);
            graph.Add(name, name == project
                ? text.Replace("</Project>", $"<ItemGroup>{reference}</ItemGroup></Project>", StringComparison.Ordinal)
                : text);
        }

        Assert.Contains(WingRules.Violations(graph), violation =>
            violation.StartsWith(project, StringComparison.Ordinal) && violation.Contains(reached, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OrleansRooms.Protocol", "Orleans")]
    [InlineData("OrleansRooms.EngineIO", "Orleans")]
    [InlineData("OrleansRooms.SocketIO", "Orleans")]
    [InlineData("OrleansRooms.Contracts", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.PacketStreams", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.Grains", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.Messaging", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.Membership", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.Membership", "OrleansRooms.SocketIO")]
    [InlineData("OrleansRooms.Emitter", "Microsoft.AspNetCore")]
    [InlineData("OrleansRooms.Hosting", "Microsoft.AspNetCore")]
    public void CompiledAssembly_UsesNothingOfTheOtherWing(string assembly, string forbidden)
    {
        var references = Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(references, name =>
            name == forbidden || name.StartsWith(forbidden + ".", StringComparison.Ordinal));
    }
}
