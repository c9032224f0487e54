using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>G6 with silos that are killed and replaced under load, seen by stock clients, who notice nothing.</summary>
[Collection(ProcessTests.Name)]
public sealed class SiloProcessTests(ProcessCluster cluster)
{
    // Enough rooms for every silo to own some.
    private const int Rooms = 12;

    [RedisFact]
    [Trait("Behaviour", "99")]
    public async Task KilledSilo_LosesNoMessageAndNoMember()
    {
        var conversation = await Conversation.BeginAsync(cluster, Rooms);

        await conversation.SaidByAllAsync(times: 3);
        await cluster.KillSiloAsync(cluster.Silos[1]);
        await conversation.GoesOnAsync();
        await cluster.StartSiloAsync();

        await conversation.EndAsync();
    }

    [RedisFact]
    [Trait("Behaviour", "99")]
    public async Task RollingRestart_LosesNoMessageAndNoMember()
    {
        var conversation = await Conversation.BeginAsync(cluster, Rooms);

        foreach (var silo in cluster.Silos.ToArray())
        {
            // The new one first, as deployments do.
            await cluster.StartSiloAsync();
            await conversation.SaidByAllAsync(times: 1);
            await cluster.StopSiloAsync(silo);
            await conversation.GoesOnAsync();
        }

        await conversation.EndAsync();
    }
}
