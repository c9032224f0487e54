using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using StackExchange.Redis;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>A hash in a Redis server, one per cluster.</summary>
internal sealed class RedisStore : ClusterStore
{
    // For one connection attempt: a server that is there answers in milliseconds.
    private const int ConnectMilliseconds = 3000;

    public override IEnumerable<string> Failures(RoomsClusterOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Redis))
        {
            yield return "Rooms:Redis is empty; set it to the Redis server, such as localhost:6379.";
        }
        else if (!TryParse(options.Redis, out _))
        {
            yield return "Rooms:Redis is no Redis connection string; write it like localhost:6379, followed by options such as " +
                ",password=... or ,ssl=true.";
        }
    }

    public override void Configure(ISiloBuilder silo, RoomsClusterOptions options) =>
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = Parse(options));

    public override void Configure(IClientBuilder client, RoomsClusterOptions options) =>
        client.UseRedisClustering(redis => redis.ConfigurationOptions = Parse(options));

    public override async Task CheckAsync(RoomsClusterOptions options, CancellationToken cancellationToken)
    {
        var configuration = Parse(options);
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = ConnectMilliseconds;
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisConnectionException exception) when (exception.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            throw new RoomsStartException(
                $"The Redis server {Describe(options)} refuses the credentials; correct user and password in Rooms:Redis.", exception);
        }
        catch (RedisException exception)
        {
            throw new RoomsStartException(
                $"No Redis server answers {Describe(options)}; start it there, or correct Rooms:Redis.", exception);
        }
    }

    public override string Describe(RoomsClusterOptions options) => $"at {string.Join(", ", Parse(options).EndPoints.Select(Name))}";

    private static ConfigurationOptions Parse(RoomsClusterOptions options) =>
        TryParse(options.Redis!, out var configuration)
            ? configuration!
            : throw new InvalidOperationException("Rooms:Redis was not validated.");

    private static bool TryParse(string connectionString, out ConfigurationOptions? configuration)
    {
        try
        {
            configuration = ConfigurationOptions.Parse(connectionString);
            configuration.ClientName ??= "orleans-rooms";
            configuration.SetDefaultPorts();
            return configuration.EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            configuration = null;
            return false;
        }
    }

    private static string Name(System.Net.EndPoint endpoint) =>
        endpoint is System.Net.DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endpoint.ToString()!;
}
