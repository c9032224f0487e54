using OrleansRooms.Hosting.Clustering;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;
using StackExchange.Redis;

namespace OrleansRooms.Hosting.Tests;

public sealed class RedisStoreTests
{
    [RedisFact]
    public async Task Server_ThatAnswers_IsAccepted()
    {
        await using var server = await RedisServer.StartAsync();

        await CheckAsync(server.ConnectionString);
    }

    [Fact]
    public async Task NoServer_IsOneSentence()
    {
        var port = FreePorts.Take(1)[0];

        var exception = await Assert.ThrowsAsync<RoomsStartException>(() => CheckAsync($"127.0.0.1:{port},password=open sesame"));

        Assert.Equal($"No Redis server answers at 127.0.0.1:{port}; start it there, or correct Rooms:Redis.", exception.Message);
    }

    [RedisFact]
    public async Task WrongPassword_IsOneSentenceThatDoesNotShowIt()
    {
        await using var server = await RedisServer.StartAsync();
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString))
        {
            await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "requirepass", "open sesame");
        }

        await CheckAsync($"{server.ConnectionString},password=open sesame");
        var exception = await Assert.ThrowsAsync<RoomsStartException>(() => CheckAsync($"{server.ConnectionString},password=open barley"));

        Assert.Equal(
            $"The Redis server at 127.0.0.1:{server.Port} refuses the credentials; correct user and password in Rooms:Redis.",
            exception.Message);
    }

    private static Task CheckAsync(string redis) =>
        new RedisStore().CheckAsync(new RoomsClusterOptions { Clustering = RoomsClustering.Redis, Redis = redis }, CancellationToken.None);
}
