using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Diagnostics;

namespace OrleansRooms.Grains.Rooms;

/// <summary>Sends notices for all room owners of this silo, so that a failure is logged once and not once per room.</summary>
internal sealed partial class StreamNoticeSender(
    [FromKeyedServices(NodeStreams.ProviderName)] IStreamProvider streams,
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
            await NodeStreams.Open(streams, clusterKey, node).OnNextAsync(batch).WaitAsync(SendTimeout, time);
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
