using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.EndToEnd.Tests.Cluster;

/// <summary>In which order a node goes, so that a restart of one after the other is invisible.</summary>
[Collection(ThreeNodes.Collection)]
public sealed class LeavingNodeTests(ThreeNodes cluster)
{
    [Fact]
    public async Task StoppingNode_HasLeftAndIsNotReady_WhileItsConnectionsAreStillOpen()
    {
        var moment = new BetweenNodeAndServer();
        await using var leaving = await cluster.StartNodeAsync(
            "leaving",
            services =>
            {
                services.AddSingleton<IHostedService>(moment);
                services.AddHealthChecks().AddOrleansRooms();
            },
            app => app.MapHealthChecks("/health/ready"));
        using var http = leaving.CreateHttpClient();
        var room = cluster.NewRoom();
        var client = await cluster.JoinAsync(leaving, room);
        var other = cluster.Nodes[0].IO;
        await AdapterScene.UntilAsync(async () => await ReadyAsync(http) == "Healthy");
        await AdapterScene.UntilAsync(async () => await other.ServerCountAsync() == 4);
        Assert.Equal(1, await other.RoomSizeAsync(room));

        moment.Do = async () =>
        {
            Assert.Equal("Unhealthy", await ReadyAsync(http));
            await AdapterScene.UntilAsync(async () => await other.ServerCountAsync() == 3);
            await AdapterScene.UntilAsync(async () => await other.RoomSizeAsync(room) == 0);
            Assert.True((await client.StateAsync()).Connected);
            Assert.Single(leaving.IO.Sockets);
        };
        await leaving.StopAsync();

        Assert.True(moment.HasCome);
        await client.NextAsync("disconnect");
        // That it is not well is logged by whoever asks for its health, and is all that is.
        Assert.All(
            leaving.Errors, error => Assert.StartsWith("Microsoft.Extensions.Diagnostics.HealthChecks", error, StringComparison.Ordinal));
    }

    private static async Task<string> ReadyAsync(HttpClient http)
    {
        using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(text == "Unhealthy" ? 503 : 200, (int)response.StatusCode);
        return text;
    }

    /// <summary>A service that is stopped when the node has been and the Socket.IO server has not.</summary>
    private sealed class BetweenNodeAndServer : IHostedLifecycleService
    {
        public Func<Task> Do { get; set; } = () => Task.CompletedTask;

        public bool HasCome { get; private set; }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            HasCome = true;
            await Do();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
