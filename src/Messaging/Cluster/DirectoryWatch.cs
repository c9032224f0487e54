using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>
/// Hears the directory's news as they come about: who departed, and that owners may have lost members. It never speaks for this process, so
/// it does not keep alive what no longer works.
/// </summary>
internal static class DirectoryWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Hands on every new view until the token is cancelled. Failures are not reported: the heartbeats meet the same.</summary>
    public static Task RunAsync(ClusterParticipant participant, Action<DirectoryView> onView, CancellationToken cancellationToken) =>
        participant.Recovery.RepeatAsync(
        async () =>
        {
            if (await participant.Directory.WatchAsync(participant.Living.Version, Patience)
                .WithinAsync(
                    Patience + participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false) is { } view)
            {
                onView(view);
            }
        },
        onFailure: null,
        cancellationToken);
}
