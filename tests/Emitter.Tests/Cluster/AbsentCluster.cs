using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Emitter.Tests.Cluster;

/// <summary>A client of a cluster that is not there: whatever is asked of it is a mistake of the test.</summary>
public class AbsentCluster : DispatchProxy
{
    internal static IClusterClient Client() => Create<IClusterClient, AbsentCluster>();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == "get_ServiceProvider"
        ? new ServiceCollection().AddSingleton<IPacketStreams, AbsentStreams>().BuildServiceProvider()
        : throw new NotSupportedException($"Nobody is there to {targetMethod.Name}.");

    private sealed class AbsentStreams : IPacketStreams
    {
        public ValueTask<PacketStreamAddress> OpenAsync(string clusterKey, NodeIdentity node, long number) =>
            throw new NotSupportedException();

        public IAsyncStream<EnvelopeBatch> Get(string clusterKey, PacketStreamAddress address) => throw new NotSupportedException();

        public ValueTask CloseAsync(string clusterKey, PacketStreamAddress address) => throw new NotSupportedException();
    }
}
