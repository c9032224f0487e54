using OrleansRooms.TestKit.Processes;
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
    public Task KilledSilo_LosesNoMessageAndNoMember() =>
        Conversation.ThroughAsync(cluster, Rooms, () => cluster.KillSiloAsync(cluster.Silos[1]));

    // What a deployment does to a silo that it has given too little time: none, or some, which a fast machine may find enough.
    [RedisTheory]
    [Trait("Behaviour", "99")]
    [InlineData(0)]
    [InlineData(100)]
    public Task SiloKilledWhileItStops_LosesNoMessageAndNoMember(int milliseconds) => Conversation.ThroughAsync(cluster, Rooms, async () =>
    {
        var silo = cluster.Silos[1];
        silo.Signal(ProcessSignal.Terminate);
        await silo.NextLineAsync("is shutting down");
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        await cluster.KillSiloAsync(silo, mayHaveEnded: true);
    });

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
