using Microsoft.Extensions.Logging.Abstractions;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.InMemory;

/// <summary>The adapter of a server that works alone.</summary>
public sealed class InMemoryAdapterTests : AdapterContract
{
    protected override IReadOnlyList<AdapterNode> Nodes { get; } = [new InMemoryNode()];

    private sealed class InMemoryNode : AdapterNode
    {
        public override IAdapterFactory Adapters { get; } =
            new InMemoryAdapterFactory(TimeProvider.System, NullLoggerFactory.Instance);

        public override Task StopAsync() => Task.CompletedTask;

        public override Task KillAsync() => Task.CompletedTask;

        public override ValueTask DisposeAsync() => default;
    }
}
