using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>Opens packet streams with the provider that <c>AddRooms</c> brings, or names streams of another.</summary>
internal sealed class ClusterPacketStreams(
    IServiceProvider services, IGrainFactory grains, IOptions<PacketStreamOptions> options) : IPacketStreams
{
    private readonly string _provider = options.Value.ProviderName ?? NodeStreams.ProviderName;
    private readonly bool _isOwn = options.Value.ProviderName is null or NodeStreams.ProviderName;
    private readonly ILocalPacketStreams? _local = services.GetService<ILocalPacketStreams>();

    public async ValueTask<PacketStreamAddress> OpenAsync(string clusterKey, NodeIdentity node, long number)
    {
        if (!_isOwn)
        {
            return new PacketStreamAddress(node, number, "");
        }

        if (_local is not null)
        {
            var address = new PacketStreamAddress(node, number, _local.Silo.ToParsableString());
            return _local.TryOpen(address.ToStreamId(clusterKey)) ? address : throw NoRoom();
        }

        // Any silo will do that answers; another number finds another one.
        return await grains.GetGrain<IPacketStreamHostGrain>(Random.Shared.Next()).OpenAsync(clusterKey, node, number).ConfigureAwait(false)
            ?? throw NoRoom();
    }

    public bool TryRead(string clusterKey, PacketStreamAddress address, Action<EnvelopeBatch> reader)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _isOwn && _local is not null && _local.TryRead(address.ToStreamId(clusterKey), reader);
    }

    public IAsyncStream<EnvelopeBatch> Get(string clusterKey, PacketStreamAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return services.GetRequiredKeyedService<IStreamProvider>(_provider).GetStream<EnvelopeBatch>(address.ToStreamId(clusterKey));
    }

    public async ValueTask CloseAsync(string clusterKey, PacketStreamAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Home.Length == 0)
        {
            return;
        }

        var stream = address.ToStreamId(clusterKey);
        var home = PacketStreamAddress.HomeOf(stream);
        if (_local is not null && _local.Silo.Equals(home))
        {
            _local.Close(stream);
            return;
        }

        await PacketStreamServices.Of(grains, home).CloseAsync(stream).ConfigureAwait(false);
    }

    private static PacketStreamException NoRoom() => new(
        PacketStreamOutcome.TooManyStreams,
        $"The silo has as many packet streams as {nameof(PacketStreamOptions)}.{nameof(PacketStreamOptions.MaxStreams)} allows.");
}
