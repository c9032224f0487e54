using System.Reflection;
using OrleansRooms.AdapterSpecification;

namespace OrleansRooms.EndToEnd.Tests.Stores;

/// <summary>
/// The adapter contract on a <see cref="StoredCluster"/>. Its tests are cases of a theory here and not inherited, since only a test of our
/// own can be skipped where the store's server is not installed.
/// </summary>
internal sealed class StoreSpecification(StoredCluster cluster) : AdapterContract
{
    private IReadOnlyList<AdapterNode> _nodes = [];

    /// <summary>Every test of the contract: its method, and which of the method's data.</summary>
    public static TheoryData<string, int> Tests
    {
        get
        {
            var tests = new TheoryData<string, int>();
            foreach (var method in typeof(AdapterContract).GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))))
            {
                for (var i = 0; i < Data(method).Count; i++)
                {
                    tests.Add(method.Name, i);
                }
            }

            return tests;
        }
    }

    protected override IReadOnlyList<AdapterNode> Nodes => _nodes;

    public static async Task RunAsync(StoredCluster cluster, string test, int data)
    {
        var method = typeof(AdapterContract).GetMethod(test)!;
        var specification = new StoreSpecification(cluster) { _nodes = await cluster.NodesAsync() };
        await specification.InitializeAsync();
        try
        {
            await (Task)method.Invoke(specification, Data(method)[data])!;
        }
        finally
        {
            await specification.DisposeAsync();
        }
    }

    protected override async Task<AdapterNode?> StartNodeAsync() => await cluster.StartNodeAsync();

    private static List<object[]> Data(MethodInfo method) => method.IsDefined(typeof(TheoryAttribute))
        ? [.. method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method))]
        : [[]];
}
