using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Membership;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>A node as an application sets it up: <c>AddSocketIO().AddOrleansAdapter()</c> on a host.</summary>
internal sealed class HostedNode(IHost host, bool ownsHost) : AdapterNode
{
    private bool _isStopped;

    public override IAdapterFactory Adapters => host.Services.GetRequiredService<IAdapterFactory>();

    public ClusterNode Node => host.Services.GetRequiredService<ClusterNode>();

    public IServiceProvider Services => host.Services;

    /// <summary>The owner of a room, as this node reaches it.</summary>
    public IRoomShardGrain OwnerOf(string ns, string room) =>
        Node.Grains.GetGrain<IRoomShardGrain>(RoomShardKey.Of("default", ns, room).ToGrainKey());

    public override async Task StopAsync()
    {
        _isStopped = true;
        await host.StopAsync();
    }

    public override async Task KillAsync()
    {
        _isStopped = true;
        await Node.KillAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (!ownsHost) return;
        if (!_isStopped) await host.StopAsync();
        host.Dispose();
    }
}
