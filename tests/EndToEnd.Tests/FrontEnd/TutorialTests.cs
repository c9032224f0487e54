using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.FrontEnd;

/// <summary>Two silos and two front-ends as processes, over real stores, by the commands of the tutorial.</summary>
public sealed class TutorialTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [RedisFact]
    public async Task Redis_BringsPeopleOfBothFrontEndsTogether()
    {
        await using var redis = await RedisServer.StartAsync();
        await FollowAsync(new Tutorial("redis", "localhost:6379", redis.ConnectionString));
    }

    [PostgresFact]
    public async Task Postgres_BringsPeopleOfBothFrontEndsTogether()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var tutorial = new Tutorial("postgres", "Host=localhost;Database=rooms;Username=rooms;Password=secret", postgres.ConnectionString);
        await using var preparation = tutorial.Start("prepare");
        Assert.Equal(0, await preparation.WaitForExitAsync(Patience));

        await FollowAsync(tutorial);
    }

    private static async Task FollowAsync(Tutorial tutorial)
    {
        await using var first = await tutorial.RunAsync("silo", 0, "Application started");
        await using var second = await tutorial.RunAsync("silo", 1, "Application started");
        await using var left = await tutorial.RunAsync("front-end", 0, "Application started");
        await using var right = await tutorial.RunAsync("front-end", 1, "Application started");
        using var http = new HttpClient();
        foreach (var port in new[] { 8081, 8082, 5001, 5002 })
        {
            await WhenHealthyAsync(http, new Uri(tutorial.Address(port) + "/health/ready"));
        }

        await using var bob = await tutorial.RunAsync("listen", 0, "bob is in the lobby");
        await SpeakAsync(tutorial, bob);

        // "Now end one of the silos, let Ann speak again, and Bob still reads it."
        first.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await first.WaitForExitAsync(Patience));
        await SpeakAsync(tutorial, bob);

        Assert.All(new[] { first, second, left, right }, process => Assert.Empty(process.Errors));
    }

    // A front-end that has started is ready when the cluster knows it, a moment later.
    private static async Task WhenHealthyAsync(HttpClient http, Uri url)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            using var response = await http.GetAsync(url, patience.Token);
            if (await response.Content.ReadAsStringAsync(patience.Token) == "Healthy")
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private static async Task SpeakAsync(Tutorial tutorial, RunningProcess bob)
    {
        await using var ann = await tutorial.RunAsync("speak", 0, "ann is in the lobby");
        Assert.Equal("ann: Hello from the other side", await bob.NextLineAsync("Hello", Patience));
        Assert.Equal(0, await ann.WaitForExitAsync(Patience));
    }
}
