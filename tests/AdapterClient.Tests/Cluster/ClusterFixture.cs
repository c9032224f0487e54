using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Three nodes on some silos, started once for all tests of a class.</summary>
public abstract class ClusterFixture(
    int silos, int cohostedNodes, string? streamProvider = null, bool withDefaults = false) : IAsyncLifetime
{
    private readonly List<AdapterNode> _nodes = [];
    private TestSilos? _silos;

    public IReadOnlyList<AdapterNode> Nodes => _nodes;

    public TestSilos Silos => _silos ?? throw new InvalidOperationException("The cluster has not been started.");

    public async Task InitializeAsync()
    {
        _silos = await TestSilos.StartAsync(silos, streamProvider: streamProvider, withDefaults: withDefaults);
        for (var i = 0; i < 3; i++) _nodes.Add(i < cohostedNodes ? Silos.CohostedNode(i) : await Silos.StartClientNodeAsync());
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_silos is not null) await _silos.DisposeAsync();
    }
}

public sealed class ClientsOfOneSilo() : ClusterFixture(silos: 1, cohostedNodes: 0);

public sealed class ClientsOfThreeSilos() : ClusterFixture(silos: 3, cohostedNodes: 0);

/// <summary>
/// The tests that share three clients of three silos, each with namespaces of its own. Who counts grains has a cluster to itself.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ThreeSilosTests : ICollectionFixture<ClientsOfThreeSilos>
{
    public const string Name = "Three silos";
}

/// <summary>Nodes that are missed when they die as soon as those of users are.</summary>
public sealed class MortalClients() : ClusterFixture(silos: 3, cohostedNodes: 0, withDefaults: true);

public sealed class CohostedAndClients() : ClusterFixture(silos: 1, cohostedNodes: 1);

/// <summary>Nodes whose packets another stream provider carries.</summary>
public sealed class OnMemoryStreams() : ClusterFixture(silos: 1, cohostedNodes: 1, streamProvider: TestSilos.MemoryStreams);

public sealed class CohostedOnThreeSilos() : ClusterFixture(silos: 3, cohostedNodes: 3);
