using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>G6 with a silo that is killed under load and replaced, seen by stock clients, who notice nothing.</summary>
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
}
