using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansRooms.SocketIO;

namespace OrleansRooms.AdapterClient.Tests;

public sealed class OrleansAdapterOptionsTests
{
    private readonly OrleansAdapterOptionsValidator _validator = new();

    [Fact]
    public void Defaults_AreValid() => Assert.True(_validator.Validate(null, new OrleansAdapterOptions()).Succeeded);

    [Fact]
    public void BadValues_AreAllNamedWithWhatToDo()
    {
        var result = _validator.Validate(null, new OrleansAdapterOptions
        {
            ClusterKey = "",
            NodeId = "",
            HeartbeatInterval = TimeSpan.Zero,
            CallTimeout = TimeSpan.FromSeconds(-1),
            JoinTimeout = TimeSpan.MaxValue,
            MaxQueuedMessages = 0,
            MaxMessageBytes = 65 * 1024 * 1024,
        });

        Assert.Equal(7, result.Failures!.Count());
        Assert.Contains(result.Failures!, failure => failure.Contains("ClusterKey", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, failure => failure.Contains("NodeId", StringComparison.Ordinal));
        Assert.Contains(
            result.Failures!,
            failure => failure.Contains("HeartbeatInterval", StringComparison.Ordinal)
                && failure.Contains("more than zero", StringComparison.Ordinal));
    }

    [Fact]
    public void Section_IsRead_AndCodeHasTheLastWord()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            [new("Rooms:ClusterKey", "shop"), new("Rooms:Adapter:JoinTimeout", "00:00:09"), new("Rooms:Adapter:NodeId", "a")]).Build());
        services.AddSocketIO().AddOrleansAdapter(options => options.NodeId = "b");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<OrleansAdapterOptions>>().Value;

        Assert.Equal(("shop", TimeSpan.FromSeconds(9), "b"), (options.ClusterKey, options.JoinTimeout, options.NodeId));
    }

    [Fact]
    public void NoCluster_FailsWithWhatToCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSocketIO().AddOrleansAdapter();
        using var host = builder.Build();

        var failure = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<ISocketIOServer>());

        Assert.Contains("AddRoomsClient", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClientWithoutRooms_FailsWithWhatToCall()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseLocalhostClustering());
        builder.Services.AddSocketIO().AddOrleansAdapter();
        using var host = builder.Build();

        var failure = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<ISocketIOServer>());

        Assert.Contains("AddRooms()", failure.Message, StringComparison.Ordinal);
    }
}
