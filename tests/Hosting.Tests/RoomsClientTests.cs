using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansRooms.TestKit.Processes;

namespace OrleansRooms.Hosting.Tests;

/// <summary><c>AddRoomsClient</c> and <c>UseRoomsClustering</c> as an application calls them.</summary>
public sealed class RoomsClientTests
{
    [Fact]
    public async Task NoSilo_FailsTheStart_WithOneSentence()
    {
        var port = FreePorts.Take(1)[0];
        using var host = Client(port, connectTimeout: TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<RoomsStartException>(() => host.StartAsync());

        Assert.Equal(
            $"No silo of cluster 'rooms' (Localhost at 127.0.0.1:{port}) has answered for 00:00:01; start one, or " +
            "correct the section Rooms.", exception.Message);
    }

    [Fact]
    public async Task SiloThatStartsLater_IsWaitedFor()
    {
        var ports = FreePorts.Take(2);
        using var client = Client(ports[1], connectTimeout: TimeSpan.FromMinutes(1));
        var starting = client.StartAsync();
        using var silo = Silo(ports[0], ports[1]);
        await silo.StartAsync();

        await starting;

        Assert.NotNull(client.Services.GetRequiredService<IClusterClient>());
        await client.StopAsync();
        await silo.StopAsync();
    }

    [Fact]
    public async Task TakenPort_IsOneSentence()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        using var silo = Silo(FreePorts.Take(1)[0], port);

        var exception = await Assert.ThrowsAsync<RoomsStartException>(() => silo.StartAsync());

        Assert.StartsWith($"Port {port} cannot be used (", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("; end the process that has it, or give another Rooms:GatewayPort.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSetting_IsRefused_BeforeAnythingIsBuilt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Rooms:Clustering", "Consul")]);

        Assert.Throws<OptionsValidationException>(() => builder.AddRoomsClient());
    }

    [Fact]
    public void Silo_ListensWhereItIsTold_AndOnlyThisMachineReachesItUnlessTold()
    {
        using var local = Silo(11, 12);
        using var anywhere = Silo(11, 12, options =>
        {
            (options.Clustering, options.Redis) = (RoomsClustering.Redis, "cache");
            (options.AdvertisedAddress, options.ListenAddress) = ("10.0.0.7", "0.0.0.0");
        });

        var inside = local.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal(
            ("127.0.0.1", "127.0.0.1:11", "127.0.0.1:12"),
            (inside.AdvertisedIPAddress.ToString(), $"{inside.SiloListeningEndpoint}", $"{inside.GatewayListeningEndpoint}"));
        var outside = anywhere.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal(
            ("10.0.0.7", "0.0.0.0:11", "0.0.0.0:12"),
            (outside.AdvertisedIPAddress.ToString(), $"{outside.SiloListeningEndpoint}", $"{outside.GatewayListeningEndpoint}"));
    }

    private static IHost Client(int gatewayPort, TimeSpan connectTimeout)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddRoomsClient(options => (options.GatewayPort, options.ConnectTimeout) = (gatewayPort, connectTimeout));
        return builder.Build();
    }

    private static IHost Silo(int siloPort, int gatewayPort, Action<RoomsClusterOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseRoomsClustering(options =>
        {
            (options.SiloPort, options.GatewayPort) = (siloPort, gatewayPort);
            configure?.Invoke(options);
        }));
        return builder.Build();
    }
}
