using Microsoft.Extensions.Logging;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>Whether the cluster answers. What goes wrong is logged once per episode, however many calls it hits. Thread-safe.</summary>
internal sealed partial class ClusterHealth(string id, TimeProvider time, ILogger logger)
{
    // An episode is over when nothing has failed for this long.
    private static readonly TimeSpan EpisodeGap = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private long? _directoryFailingSince;
    private bool _isEpisode;
    private long _episodeBegan;
    private long _lastFailureAt;
    private bool _hasRegistered;
    private bool _hasLeft;
    private TimeSpan _lease = TimeSpan.FromSeconds(5);

    /// <summary>What went wrong last; <see langword="null"/> when nothing has of late.</summary>
    public Exception? LastFailure { get; private set; }

    public ClusterState State
    {
        get
        {
            lock (_lock)
            {
                return _hasLeft ? ClusterState.Left
                    : _directoryFailingSince is { } since && time.GetElapsedTime(since) >= _lease ? ClusterState.Degraded
                    : _hasRegistered ? ClusterState.Connected
                    : ClusterState.Starting;
            }
        }
    }

    /// <summary>The node has registered and its lease lasts this long.</summary>
    public void Registered(TimeSpan lease)
    {
        lock (_lock)
        {
            _hasRegistered = true;
            _lease = lease;
        }

        Succeeded();
    }

    public void Left()
    {
        lock (_lock)
        {
            _hasLeft = true;
        }
    }

    /// <summary>The node directory answered.</summary>
    public void Succeeded()
    {
        TimeSpan duration;
        lock (_lock)
        {
            _directoryFailingSince = null;
            if (!_isEpisode || time.GetElapsedTime(_lastFailureAt) < EpisodeGap)
            {
                return;
            }

            _isEpisode = false;
            LastFailure = null;
            duration = time.GetElapsedTime(_episodeBegan, _lastFailureAt);
        }

        Log.ClusterIsBack(logger, id, duration);
    }

    /// <summary>The node directory did not answer.</summary>
    public void DirectoryFailed(Exception exception)
    {
        lock (_lock)
        {
            _directoryFailingSince ??= time.GetTimestamp();
        }

        Failed(exception);
    }

    /// <summary>Something in the cluster did not answer, which may concern only part of it.</summary>
    public void Failed(Exception exception)
    {
        lock (_lock)
        {
            LastFailure = exception;
            _lastFailureAt = time.GetTimestamp();
            if (_isEpisode || _hasLeft)
            {
                return;
            }

            _isEpisode = true;
            _episodeBegan = _lastFailureAt;
        }

        Log.ClusterDoesNotAnswer(logger, id, exception);
    }
}
