using System.Collections.Concurrent;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>Counts the calls that a node makes to grains, by the name of the method.</summary>
internal sealed class CallsToGrains : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public int this[string method] => _counts.GetValueOrDefault(method);

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        _counts.AddOrUpdate(context.MethodName, 1, static (_, count) => count + 1);
        return context.Invoke();
    }
}
