using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>The services of deploy/compose.yaml fit together and the programs. No container is started.</summary>
public sealed class ComposeTests
{
    private static readonly YamlNode File = Assert.Single(YamlNode.Read("deploy/compose.yaml"));

    private static readonly Dictionary<string, YamlNode> Services = File["services"].Entries.ToDictionary(
        service => service.Key, service => service.Value);

    // Those that are built here, and not taken from elsewhere.
    public static TheoryData<string> Built => [.. Services.Where(service => service.Value["build"].Exists).Select(service => service.Key)];

    [Fact]
    public void Services_AreTwoSilosAndTwoFrontEnds_AndEveryOneIsAnImageOrIsBuilt()
    {
        Assert.Equal(2, Services.Values.Count(service => service["build.dockerfile"] is { Exists: true, Text: "src/Silo/Dockerfile" }));
        Assert.Equal(
            2, Services.Values.Count(service => service["build.dockerfile"] is { Exists: true, Text: "samples/FrontEnd/Dockerfile" }));
        Assert.All(Services.Values, service => Assert.True(service["build"].Exists != service["image"].Exists));
        Assert.All(
            File.Entries,
            entry => Assert.True(entry.Key is "services" or "volumes" || entry.Key.StartsWith("x-", StringComparison.Ordinal), entry.Key));
    }

    [Theory]
    [MemberData(nameof(Built))]
    public void Service_IsBuiltFromTheRootOfTheRepository(string name)
    {
        var build = Services[name]["build"];
        Assert.Equal(
            RepositoryRoot.Combine(),
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(RepositoryRoot.Combine("deploy", build["context"].Text))));
        Assert.Contains(build["dockerfile"].Text, Dockerfile.Paths);
    }

    [Theory]
    [MemberData(nameof(Built))]
    public void Service_HasSettingsThatItsProgramReads(string name)
    {
        var service = Services[name];
        var settings = Settings(service);
        settings.MustBeAccepted();

        // Where it looks for the store, and what it is told to be called, are names in the network of the services.
        Assert.Contains(settings.Cluster.Redis!.Split(':')[0], Services);
        if (service["hostname"].Exists)
        {
            Assert.Equal(name, service["hostname"].Text);
            Assert.Equal(name, settings.Cluster.AdvertisedAddress);
        }
    }

    [Theory]
    [MemberData(nameof(Built))]
    public void Service_StartsAfterThoseItNeeds_AndHasTimeToStop(string name)
    {
        var needs = Services[name]["depends_on"];
        Assert.All(
            needs.Items.Select(item => item.Text).Concat(needs.Entries.Select(entry => entry.Key)),
            other => Assert.Contains(other, Services));
        Assert.All(
            needs.Entries.Where(need => need.Value["condition"].Text == "service_healthy"),
            need => Assert.NotEmpty(Services[need.Key]["healthcheck.test"].Items));
        Assert.True(int.Parse(Services[name]["stop_grace_period"].Text.TrimEnd('s'), provider: null) >= 10);
    }

    [Fact]
    public void NothingButFrontEnds_IsPublished()
    {
        var published = Services.Where(service => service.Value["ports"].Exists).ToDictionary();
        Assert.Equal(["frontend-1", "frontend-2"], published.Keys.Order());
        Assert.All(published.Values, service =>
        {
            var pair = Assert.Single(service["ports"].Items).Text.Split(':');
            Assert.Equal($"{Settings(service).HttpPort}", pair[1]);
        });
        Assert.Equal(2, published.Values.Select(service => service["ports"].Items.Single().Text.Split(':')[0]).Distinct().Count());
    }

    [Fact]
    public void Volumes_AreDeclared() => Assert.All(
        Services.Values.SelectMany(service => service["volumes"].Items),
        volume => Assert.Contains(File["volumes"].Entries, declared => declared.Key == volume.Text.Split(':')[0]));

    private static ContainerSettings Settings(YamlNode service) => new(
        Dockerfile.Read(service["build.dockerfile"].Text), service["environment"].Entries.ToDictionary(
            variable => variable.Key, variable => variable.Value.Text));
}
