using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Queries;

/// <summary>
/// Follows which rooms of a namespace come and go in the whole cluster: one open question to every shard, asked again as soon as it is
/// answered. Private rooms are left out.
/// </summary>
/// <remarks>
/// A question that was lost is asked again from the same place, so nothing is told twice or left out; while the cluster is away, or tells
/// itself again what a dead silo knew, nothing is told, and afterwards what is different from before.
/// </remarks>
internal sealed partial class RoomFollower : IDisposable
{
    // What an idle shard costs is one call in this time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int PageSize = 10_000;

    private readonly ClusterParticipant _participant;
    private readonly string _namespace;
    private readonly Action<RoomExistence> _listener;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationToken _stopped;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _shardsToHear = RoomShardKey.Count;

    /// <summary>Begins to follow, as soon as the cluster answers.</summary>
    /// <param name="participant">Who asks.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="listener">Called for one room at a time.</param>
    /// <param name="logger">Where it is told that the listener threw.</param>
    /// <param name="closing">Ends it, like <see cref="Dispose"/>.</param>
    public RoomFollower(
        ClusterParticipant participant, string ns, Action<RoomExistence> listener, ILogger logger, CancellationToken closing)
    {
        _participant = participant;
        _namespace = ns;
        _listener = listener;
        _logger = logger;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _stopped = _stopping.Token;
        // Neither the scheduler nor the request context of a grain that begins this belongs to it.
        using var detached = ExecutionContext.SuppressFlow();
        var shards = new RoomShards(participant, ns);
        for (var shard = 0; shard < RoomShardKey.Count; shard++)
        {
            var number = shard;
            _ = Task.Run(() => FollowAsync(shards, number), CancellationToken.None);
        }
    }

    /// <summary>Completes when everything that happens from then on will be told; cancelled when it ends before.</summary>
    public Task Started => _started.Task;

    /// <summary>Tells nothing more, except what is being told already.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _started.TrySetCanceled(_stopped);
        _stopping.Dispose();
    }

    private async Task FollowAsync(RoomShards shards, int shard)
    {
        var mirror = new RoomMirror();
        await _participant.Recovery.RepeatAsync(
            async () =>
            {
                await _participant.WhenRegisteredAsync(_stopped).ConfigureAwait(false);
                if (await shards[shard].WatchAsync(mirror.Position, Patience)
                    .WithinAsync(
                        Patience + _participant.Options.CallTimeout, _participant.Time, _stopped).ConfigureAwait(false) is { } news)
                {
                    Tell(mirror, news.HasMore ? await ReadWholeAsync(shards[shard], news).ConfigureAwait(false) : news);
                }
            },
            _participant.ReportFailure,
            _stopped).ConfigureAwait(false);
        _started.TrySetCanceled(_stopped);
    }

    // What came and went since the first part was read will be told as such, once more where the others have it already.
    private async Task<RoomNews> ReadWholeAsync(IRoomShardGrain shard, RoomNews first)
    {
        var rooms = first.Rooms.ToBuilder();
        RoomPage page;
        do
        {
            page = await shard.ListAsync("", rooms[^1].Room, PageSize, _participant.Living.Version)
                .WithinAsync(_participant.Options.CallTimeout, _participant.Time, _stopped).ConfigureAwait(false);
            rooms.AddRange(page.Rooms.Select(room => new RoomExistence(room, Exists: true)));
        }
        while (page.HasMore);
        return first with { Rooms = rooms.DrainToImmutable(), HasMore = false };
    }

    private void Tell(RoomMirror mirror, RoomNews news)
    {
        // Held while the listener runs: it hears of one room at a time, of whatever shard.
        lock (_lock)
        {
            var isFirst = !mirror.IsKnown;
            foreach (var change in mirror.Take(news))
            {
                if (_stopped.IsCancellationRequested)
                {
                    return;
                }

                try
                {
                    _listener(change with { Room = WireName.Read(change.Room) });
                }
#pragma warning disable CA1031 // Whatever user code throws must not end what it asked for.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Log.ListenerFailed(_logger, change.Room, _namespace, exception);
                }
            }

            if (isFirst && --_shardsToHear == 0)
            {
                _started.TrySetResult();
            }
        }
    }
}
