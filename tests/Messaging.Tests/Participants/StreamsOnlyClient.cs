using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Tests.Participants;

/// <summary>A cluster client that has packet streams and nothing else.</summary>
public class StreamsOnlyClient : DispatchProxy
{
    private IServiceProvider? _services;

    public static IClusterClient Of(IPacketStreams streams)
    {
        var client = Create<IClusterClient, StreamsOnlyClient>();
        ((StreamsOnlyClient)(object)client)._services = new ServiceCollection().AddSingleton(streams).BuildServiceProvider();
        return client;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == "get_ServiceProvider"
            ? _services
            : throw new NotSupportedException($"There is no cluster for {targetMethod?.Name}.");
}
