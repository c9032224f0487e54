using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>The smallest deployment that may lose a process, two silos and two front-ends, over each of the stores that it may find itself in.</summary>
/// <remarks>Beside the tests that share a cluster, so that no more than one cluster is loaded at a time.</remarks>
[Collection(ProcessTests.Name)]
public sealed class TwoSilosTests
{
    // Enough rooms for both silos to own some.
    private const int Rooms = 8;

    [RedisFact]
    public async Task Redis_EveryProcessInTurnIsReplaced_AndNothingIsLostBetweenThoseWhoAreConnected()
    {
        await using var cluster = await ProcessCluster.StartTwoAsync(ClusterStore.StartRedisAsync);
        await LoseASiloAsync(cluster);
        await RestartSilosAsync(cluster);
        foreach (var node in cluster.Nodes.ToArray())
        {
            await Departure.OfAsync(cluster, node);
        }
    }

    [PostgresFact]
    public async Task Postgres_KilledSilo_LosesNoMessageAndNoMember()
    {
        await using var cluster = await ProcessCluster.StartTwoAsync(ClusterStore.StartPostgresAsync);
        await LoseASiloAsync(cluster);
    }

    private static Task LoseASiloAsync(ProcessCluster cluster) =>
        Conversation.ThroughAsync(cluster, Rooms, () => cluster.KillSiloAsync(cluster.Silos[0]));

    private static async Task RestartSilosAsync(ProcessCluster cluster)
    {
        var conversation = await Conversation.BeginAsync(cluster, Rooms);
        foreach (var silo in cluster.Silos.ToArray())
        {
            await conversation.SaidByAllAsync(times: 3);
            await cluster.StopSiloAsync(silo);
            await cluster.StartSiloAsync();
            await conversation.GoesOnAsync();
        }

        await conversation.EndAsync();
    }
}
