using OrleansRooms.ClusterLoad.Clients;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Scenarios;

/// <summary>Servers, and the load that they are compared by.</summary>
/// <param name="StartAsync">Starts the servers.</param>
/// <param name="Shape">Who listens to whom.</param>
/// <param name="Rate">Messages per second.</param>
internal sealed record Contender(Func<Task<ServerGroup>> StartAsync, AudienceShape Shape, double Rate)
{
    public static Contender Cohosted(int nodes, AudienceShape shape, double rate) =>
        new(async () => await RoomsGroup.StartCohostedAsync(nodes), shape, rate);

    public static Contender Frontends(int nodes, AudienceShape shape, double rate) =>
        new(async () => await RoomsGroup.StartFrontendsAsync(nodes), shape, rate);

    public static Contender Alone(int nodes, AudienceShape shape, double rate) =>
        new(async () => await RoomsGroup.StartAloneAsync(nodes), shape, rate);

    public static Contender Bare(int nodes, AudienceShape shape, double rate) =>
        new(async () => await BareGroup.StartAsync(nodes), shape, rate);

    public static Contender Peer(int nodes, AudienceShape shape, double rate) =>
        new(async () => await RedisGroup.StartAsync(nodes), shape, rate);
}
