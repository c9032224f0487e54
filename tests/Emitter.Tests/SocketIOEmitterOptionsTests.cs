using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansRooms.Emitter.Tests;

public sealed class SocketIOEmitterOptionsTests
{
    [Fact]
    public void Defaults_AreValid() =>
        Assert.True(new SocketIOEmitterOptionsValidator().Validate(null, new SocketIOEmitterOptions()).Succeeded);

    [Fact]
    public void EveryMistake_IsNamedWithWhatToDo()
    {
        var options = new SocketIOEmitterOptions
        {
            ClusterKey = "",
            MaxAttachments = 0,
            RefreshInterval = TimeSpan.Zero,
            CallTimeout = TimeSpan.FromSeconds(-1),
            JoinTimeout = TimeSpan.FromDays(2),
            RequestTimeout = TimeSpan.Zero,
            MaxPendingRequests = 0,
            MaxMessageBytes = 1024,
            MaxQueuedMessages = -1,
            MaxQueuedBytes = 0,
            ShutdownTimeout = TimeSpan.Zero,
        };

        var failures = new SocketIOEmitterOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(11, failures.Count);
        Assert.All(failures, failure => Assert.Contains("et it to", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongOption_StopsTheStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSocketIOEmitter(options => options.MaxQueuedMessages = 0);
        // Orleans' own options must not be what fails.
        builder.UseOrleansClient(client => client.UseLocalhostClustering().AddRooms());
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("MaxQueuedMessages", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "shop")]
    [InlineData("code", "code")]
    public void ClusterKey_ComesFromTheConfigurationsSectionRooms_AndThenFromCode(string? code, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Rooms:ClusterKey"] = "shop";
        builder.Services.AddSocketIOEmitter(options => options.ClusterKey = code ?? options.ClusterKey);
        using var host = builder.Build();

        Assert.Equal(expected, host.Services.GetRequiredService<IOptions<SocketIOEmitterOptions>>().Value.ClusterKey);
    }

    [Fact]
    public void HostWithoutACluster_IsToldWhatIsMissing()
    {
        using var services = new ServiceCollection().AddSocketIOEmitter().BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<ISocketIOEmitter>());

        Assert.Contains("UseOrleansClient", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClusterWithoutPacketStreams_StopsTheStart()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseLocalhostClustering());
        builder.Services.AddSocketIOEmitter();
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("AddRooms()", failure.Message, StringComparison.Ordinal);
    }
}
