using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Stores;

/// <summary>The adapter contract with silos that find each other in a redis-server.</summary>
public sealed class RedisSpecificationTests(ClusterOverRedis cluster) : IClassFixture<ClusterOverRedis>
{
    public static TheoryData<string, int> Tests => StoreSpecification.Tests;

    [RedisTheory]
    [MemberData(nameof(Tests))]
    public Task AdapterContract_Holds(string test, int data) => StoreSpecification.RunAsync(cluster, test, data);
}

/// <summary>The adapter contract with silos that find each other in a PostgreSQL database.</summary>
public sealed class PostgresSpecificationTests(ClusterOverPostgres cluster) : IClassFixture<ClusterOverPostgres>
{
    public static TheoryData<string, int> Tests => StoreSpecification.Tests;

    [PostgresTheory]
    [MemberData(nameof(Tests))]
    public Task AdapterContract_Holds(string test, int data) => StoreSpecification.RunAsync(cluster, test, data);
}
