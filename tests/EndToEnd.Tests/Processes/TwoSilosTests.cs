using OrleansRooms.TestKit.Postgres;
using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// The smallest deployment that may lose a process, two silos and two front-ends, over each of the stores that it may find itself in.
/// </summary>
/// <remarks>
/// <see cref="RollingRestartTests"/> has front-ends that are replaced. Beside the tests that share a cluster, so that no more than one
/// cluster is loaded at a time.
/// </remarks>
[Collection(ProcessTests.Name)]
public sealed class TwoSilosTests
{
    // Enough rooms for both silos to own some.
    private const int Rooms = 8;

    [RedisFact]
    public async Task Redis_SiloKilled_AndBothStoppedAndReplacedInTurn_LoseNoMessageAndNoMember()
    {
        await using var cluster = await ProcessCluster.StartTwoAsync(ClusterStore.StartRedisAsync);
        await LoseASiloAsync(cluster);
        await RestartSilosAsync(cluster);
    }

    [PostgresFact]
    public async Task Postgres_KilledSilo_LosesNoMessageAndNoMember()
    {
        await using var cluster = await ProcessCluster.StartTwoAsync(ClusterStore.StartPostgresAsync);
        await LoseASiloAsync(cluster);
    }

    // As when a machine loses its network or its power: connections stay open, and nobody answers.
    [RedisFact]
    public async Task Redis_SiloThatFallsSilent_LosesNoMessageAndNoMember()
    {
        await using var cluster = await ProcessCluster.StartTwoAsync(ClusterStore.StartRedisAsync);
        var silo = cluster.Silos[0];
        await Conversation.ThroughAsync(cluster, Rooms, () =>
        {
            silo.Signal(ProcessSignal.Stop);
            return Task.CompletedTask;
        });
        await cluster.KillSiloAsync(silo);
    }

    private static Task LoseASiloAsync(ProcessCluster cluster) =>
        Conversation.ThroughAsync(cluster, Rooms, () => cluster.KillSiloAsync(cluster.Silos[0]));

    // The old one goes first, as where the number of processes is fixed: for a while there is one.
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
