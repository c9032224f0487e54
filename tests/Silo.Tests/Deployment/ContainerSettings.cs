using System.Reflection;
using Microsoft.Extensions.Configuration;
using OrleansRooms.Hosting;
using OrleansRooms.Silo.Http;
using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>The environment of a container, as its program reads it.</summary>
internal sealed class ContainerSettings(Dockerfile image, IReadOnlyDictionary<string, string> environment)
{
    private const string UrlsOfAspNetCore = "ASPNETCORE_URLS";

    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(
            environment.Select(
                variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
        .Build();

    /// <summary>Every variable is one that the program reads, and what they say together is accepted.</summary>
    public void MustBeAccepted()
    {
        var known = Names<RoomsClusterOptions>(RoomsClusterOptions.Section).Concat(Names<SiloHttpOptions>(SiloHttpOptions.Section))
            .Append(UrlsOfAspNetCore).ToHashSet();
        var program = string.Concat(
            Directory.EnumerateFiles(RepositoryRoot.Combine(image.Project.Split('/')), "*.cs").Select(File.ReadAllText));
        Assert.All(environment.Keys, variable => Assert.True(
            known.Contains(variable)
                || program.Contains($"\"{variable.Replace("__", ":", StringComparison.Ordinal)}\"", StringComparison.Ordinal),
            $"{image.Project} reads no {variable}."));
        Assert.NotEqual(RoomsClustering.Localhost, Cluster.Clustering);
        _ = SiloHttp.Read(_configuration);
    }

    /// <summary>The cluster that the program joins.</summary>
    public RoomsClusterOptions Cluster => RoomsClusterSection.Read(_configuration, configure: null);

    /// <summary>The port of the program's web server, if it has one.</summary>
    public int? HttpPort
    {
        get
        {
            var url = _configuration[UrlsOfAspNetCore] ?? SiloHttp.Read(_configuration).Url;
            return url is null ? null : new Uri(url).Port;
        }
    }

    /// <summary>The ports that others reach in the container, by the names that they have in the manifests.</summary>
    public Dictionary<string, int> Ports
    {
        get
        {
            var ports = new Dictionary<string, int>();
            if (image.Project == "src/Silo")
            {
                ports["silo"] = Cluster.SiloPort;
                ports["gateway"] = Cluster.GatewayPort;
            }

            if (HttpPort is { } http)
            {
                ports["http"] = http;
            }

            return ports;
        }
    }

    private static IEnumerable<string> Names<T>(string section) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(property => $"{section.Replace(":", "__", StringComparison.Ordinal)}__{property.Name}");
}
