using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>The adapter contract on a cluster, however nodes and silos are distributed.</summary>
public abstract class OrleansAdapterTests(ClusterFixture cluster) : AdapterContract
{
    protected override IReadOnlyList<AdapterNode> Nodes => cluster.Nodes;

    protected override async Task<AdapterNode?> StartNodeAsync() => await cluster.Silos.StartClientNodeAsync();
}

public sealed class OrleansAdapterOfOneSiloTests(ClientsOfOneSilo cluster) : OrleansAdapterTests(cluster), IClassFixture<ClientsOfOneSilo>;

[Collection(ThreeSilosTests.Name)]
public sealed class OrleansAdapterOfThreeSilosTests(ClientsOfThreeSilos cluster) : OrleansAdapterTests(cluster);

public sealed class OrleansAdapterBesideASiloTests(CohostedAndClients cluster)
    : OrleansAdapterTests(cluster), IClassFixture<CohostedAndClients>;

public sealed class OrleansAdapterOnMemoryStreamsTests(OnMemoryStreams cluster)
    : OrleansAdapterTests(cluster), IClassFixture<OnMemoryStreams>;

public sealed class OrleansAdapterInSilosTests(CohostedOnThreeSilos cluster)
    : OrleansAdapterTests(cluster), IClassFixture<CohostedOnThreeSilos>;
