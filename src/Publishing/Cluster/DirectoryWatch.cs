using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Publishing.Cluster;

/// <summary>
/// Hears the directory's news as they come about: who departed, and that owners may have lost members. It never speaks for this process, so it does
/// not keep alive what no longer works.
/// </summary>
internal static class DirectoryWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Hands on every new view until the token is cancelled.</summary>
    public static async Task RunAsync(ClusterParticipant participant, Action<DirectoryView> onView, CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                var view = await participant.Directory.WatchAsync(participant.Living.Version, Patience)
                    .WithinAsync(Patience + participant.Options.CallTimeout, participant.Time, cancellationToken).ConfigureAwait(false);
                failures = 0;
                if (view is not null)
                {
                    onView(view);
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The heartbeats meet the same failure and report it.
                await participant.Recovery.PauseAsync(++failures, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
