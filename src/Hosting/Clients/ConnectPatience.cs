using Microsoft.Extensions.Logging;
using Orleans;
using OrleansRooms.Hosting.Clustering;

namespace OrleansRooms.Hosting.Clients;

/// <summary>Lets a client that starts before its silos wait for them, but not for ever.</summary>
internal sealed partial class ConnectPatience(RoomsClusterOptions options, TimeProvider time, ILogger<ConnectPatience> logger)
    : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly long _start = time.GetTimestamp();
    private bool _isLogged;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        var where = ClusterStore.Of(options.Clustering).Describe(options);
        if (time.GetElapsedTime(_start) >= options.ConnectTimeout)
        {
            throw new RoomsStartException(
                $"No silo of cluster '{options.ClusterId}' ({options.Clustering} {where}) has answered for {options.ConnectTimeout}; " +
                "start one, or correct the section Rooms.", exception);
        }

        if (!_isLogged)
        {
            _isLogged = true;
            Log.Waiting(logger, options.ClusterId, options.Clustering, where, options.ConnectTimeout, exception.Message);
        }

        await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "No silo of cluster {ClusterId} ({Clustering} {Where}) answers yet; waiting up to {Timeout}: {Reason}",
            EventName = "WaitingForSilos")]
        public static partial void Waiting(
            ILogger logger, string clusterId, RoomsClustering clustering, string where, TimeSpan timeout, string reason);
    }
}
