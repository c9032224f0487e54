using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.InMemory;

/// <summary>A server that works alone, without an adapter: the same from the outside, with no other nodes.</summary>
public sealed class LocalRoomsTests : AdapterContract
{
    protected override IReadOnlyList<AdapterNode> Nodes { get; } = [new LonelyNode()];

    private sealed class LonelyNode : AdapterNode
    {
        public override IAdapterFactory? Adapters => null;

        public override Task StopAsync() => Task.CompletedTask;

        public override Task KillAsync() => Task.CompletedTask;

        public override ValueTask DisposeAsync() => default;
    }
}
