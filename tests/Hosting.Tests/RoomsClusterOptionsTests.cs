using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Hosting.Tests;

public sealed class RoomsClusterOptionsTests
{
    private const string Secret = "open sesame";

    [Fact]
    public void Nothing_MeansACluster_OnThisMachineOnly()
    {
        var options = Read();

        Assert.Equal(RoomsClustering.Localhost, options.Clustering);
        Assert.Equal("127.0.0.1", options.AdvertisedAddress);
        Assert.Null(options.ListenAddress);
    }

    [Fact]
    public void Section_IsRead_AndCodeChangesIt()
    {
        var options = RoomsClusterSection.Read(
            Configuration(
                ("Clustering", "redis"), ("Redis", "cache:6380"), ("ClusterId", "blue"), ("SiloPort", "1"), ("ConnectTimeout", "00:00:07")),
            changed => changed.ServiceId = "shop");

        Assert.Equal(RoomsClustering.Redis, options.Clustering);
        Assert.Equal(("cache:6380", "blue", "shop", 1), (options.Redis, options.ClusterId, options.ServiceId, options.SiloPort));
        Assert.Equal(TimeSpan.FromSeconds(7), options.ConnectTimeout);
    }

    [Theory]
    [InlineData("Clustering", "Consul", "Rooms:Clustering is 'Consul'; set it to Localhost, Redis or Postgres.")]
    [InlineData("Clustering", "7", "Rooms:Clustering is '7'; set it to Localhost, Redis or Postgres.")]
    [InlineData("Clustering", "Redis", "Rooms:Redis is empty; set it to the Redis server, such as localhost:6379.")]
    [InlineData("Clustering", "Postgres",
        "Rooms:Postgres is empty; set it to the database, such as Host=localhost;Database=rooms;Username=rooms;Password=....")]
    [InlineData("ClusterId", " ", "Rooms:ClusterId is empty; give the ClusterId that all silos and clients of the cluster share.")]
    [InlineData("SiloPort", "first", "Rooms:SiloPort is 'first'; set it to a port, which is a number from 1 to 65535.")]
    [InlineData("GatewayPort", "70000", "Rooms:GatewayPort is 70000; set it to a port from 1 to 65535.")]
    [InlineData("SiloPort", "30000", "Rooms:SiloPort and Rooms:GatewayPort are both 30000; give them different ports.")]
    [InlineData("PrimaryEndpoint", "localhost",
        "Rooms:PrimaryEndpoint is 'localhost'; set it to the address and silo port of the primary silo, such as 127.0.0.1:11111.")]
    [InlineData("PrimaryEndpoint", "",
        "Rooms:PrimaryEndpoint is ''; set it to the address and silo port of the primary silo, such as 127.0.0.1:11111.")]
    [InlineData("ConnectTimeout", "soon", "Rooms:ConnectTimeout is 'soon'; set it to a time such as 00:01:00.")]
    [InlineData("ConnectTimeout", "00:00:00", "Rooms:ConnectTimeout is 00:00:00; set it to more than zero and at most a day.")]
    [InlineData("AdvertisedAddress", "10.0.0.7",
        "Rooms:Clustering is Localhost, which stays on this machine; set it to Redis or Postgres, or take Rooms:AdvertisedAddress and " +
        "Rooms:ListenAddress away.")]
    public void WrongSetting_IsRefusedWithOneSentence(string setting, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Single(Failures((setting, value))));

    [Theory]
    [InlineData("0.0.0.0",
        "Rooms:AdvertisedAddress is 0.0.0.0, which nobody can connect to; set it to this machine's own address, and " +
        "Rooms:ListenAddress to 0.0.0.0.")]
    [InlineData("a b", "Rooms:AdvertisedAddress is 'a b'; set it to the address or host name under which others reach this silo.")]
    public void AddressThatNobodyReaches_IsRefused(string address, string sentence) =>
        Assert.Equal(sentence, Assert.Single(Failures(("Clustering", "Redis"), ("Redis", "cache"), ("AdvertisedAddress", address))));

    [Fact]
    public void ListenAddress_HasToBeAnAddress() => Assert.Equal(
        "Rooms:ListenAddress is 'all'; set it to an address of this machine, such as 0.0.0.0 for all of them.",
        Assert.Single(Failures(("Clustering", "Redis"), ("Redis", "cache"), ("AdvertisedAddress", "10.0.0.7"), ("ListenAddress", "all"))));

    [Theory]
    [InlineData("127.0.0.1:11111")]
    [InlineData("[::1]:11111")]
    public void PrimaryEndpoint_IsAnAddressWithAPort(string endpoint) =>
        Assert.Equal(endpoint, Read(("PrimaryEndpoint", endpoint)).PrimaryEndpoint);

    [Theory]
    [InlineData("Redis", "Redis", $"localhost,passwort={Secret}")]
    [InlineData("Redis", "Redis", $"password={Secret}")]
    [InlineData("Postgres", "Postgres", $"Host=db;Pasword={Secret}")]
    [InlineData("Postgres", "Postgres", $"Password={Secret}")]
    public void ConnectionStringThatIsNone_IsRefused_WithoutBeingShown(string clustering, string setting, string value)
    {
        var failure = Assert.Single(Failures(("Clustering", clustering), (setting, value)));

        Assert.StartsWith($"Rooms:{setting} is no ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure, StringComparison.Ordinal);
    }

    private static RoomsClusterOptions Read(params (string Key, string Value)[] settings) =>
        RoomsClusterSection.Read(Configuration(settings), configure: null);

    private static IEnumerable<string> Failures(params (string Key, string Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Read(settings)).Failures;

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Rooms:{setting.Key}", (string?)setting.Value))).Build();
}
