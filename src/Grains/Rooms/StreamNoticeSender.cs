using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;
using OrleansRooms.Grains.Nodes;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Sends notices for all room owners of this silo, so that a failure is logged once and not once per room.</summary>
internal sealed partial class StreamNoticeSender(
    IPacketStreams streams,
    LivingNodes nodes,
    RoomsGrainMetrics metrics,
    TimeProvider time,
    ILogger<StreamNoticeSender> logger) : INoticeSender
{
    // Longer than a healthy stream ever takes, and shorter than Orleans' own 30 s, which would hold back newer sizes.
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    // An episode of failures is over when nothing has failed for this long.
    private static readonly TimeSpan EpisodeGap = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _lastFailure;

    public async Task<bool> TrySendAsync(string clusterKey, NodeIdentity node, EnvelopeBatch batch)
    {
        try
        {
            // Not in the caller's context: Orleans would keep the stream with the grain, once for every room and node.
            await Task.Run(() => SendAsync(clusterKey, node, batch)).WaitAsync(SendTimeout, time);
            metrics.NoticesSent(batch.Envelopes.Length);
            return true;
        }
#pragma warning disable CA1031 // Whatever a stream provider throws, a room must not fail its caller because of a notice.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            metrics.NoticesFailed(batch.Envelopes.Length);
            if (BeginsEpisode())
            {
                Log.NoticesFailing(logger, node, exception);
            }

            return false;
        }
    }

    private async Task SendAsync(string clusterKey, NodeIdentity node, EnvelopeBatch batch)
    {
        var address = await nodes.Of(clusterKey).FindStreamAsync(node)
            ?? throw new InvalidOperationException($"The node directory does not know where packets for {node} go.");
        await streams.Get(clusterKey, address).OnNextAsync(batch);
    }

    private bool BeginsEpisode()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var begins = _lastFailure is not { } last || time.GetElapsedTime(last, now) >= EpisodeGap;
            _lastFailure = now;
            return begins;
        }
    }
}
