using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>
/// How soon a cluster notices that a silo died: within seven seconds, where Orleans' own settings take up to a minute. A silo whose process
/// ends is noticed sooner, because its connections break; the times are for a machine that falls silent. Every silo of a cluster has to use
/// the same.
/// </summary>
internal static class FailoverTimes
{
    public static void Apply(ISiloBuilder silo) => silo
        .Configure<ClusterMembershipOptions>(membership =>
        {
            // How long the first probes wait for an answer; three in a row unanswered: suspected. Orleans: 5 s. Silos that stand still for
            // seconds, as in a long garbage collection, are lost to it, which is why it is not shorter still.
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);

            // The pause between probes is their timeout, which Orleans fits to the answers between this and MaxProbeTimeout; among
            // neighbours it is always this. A silo whose process ended fails each probe at once, so that three pauses are what it takes:
            // with a second here a killed silo is felt for 4.6 s instead of 3. It is most of what an idle silo says to others. Orleans: 2.5
            // s.
            membership.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 3;

            // So many others watch each silo, one more than have to agree. All of ten probing one another is most of what an idle silo of
            // eight does. Should two watchers die with the watched, the others take over as soon as they know of those. Orleans: 10.
            membership.NumProbedSilos = 3;

            // The longest that a probe's timeout grows on a slow network; times the limit, the time for which a connection that just
            // carried a message is believed to have a living silo at its other end. Orleans: 20 s.
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);

            // Two silos have to agree (in a cluster of two the other one decides). Votes older than this belong to another incident.
            // Orleans: 2 min.
            membership.NumVotesForDeathDeclaration = 2;
            membership.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);

            // Silos tell each other of changes at once; the store is asked this often for what gossip missed. Orleans: 60 s.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // After a power cut the store lists silos that nobody is left to declare dead; new ones wait three times this long before they
            // start without them. Orleans: 30 s.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.NumMissedTableIAmAliveLimit = 3;

            // A silo that cannot join says so, and whoever started it tries again. Orleans: 5 min.
            membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        })
        .Configure<SiloMessagingOptions>(messaging =>
        {
            // Calls that were on their way to a silo that died. Nodes wait three seconds for each of theirs. Orleans: 30 s.
            messaging.ResponseTimeout = TimeSpan.FromSeconds(10);
            messaging.SystemResponseTimeout = TimeSpan.FromSeconds(10);

            // A client that lost its gateway is kept this long for another one to take over. Orleans: 60 s.
            messaging.ClientDropTimeout = TimeSpan.FromSeconds(10);
        })
        .Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = TimeSpan.FromSeconds(3));

    public static void Apply(IClientBuilder client) => client
        .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10))
        .Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = TimeSpan.FromSeconds(3))

        // Within this time a client knows of a new silo, and may have to: in a rolling restart the old ones are soon gone. Orleans: 60 s.
        .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
}
