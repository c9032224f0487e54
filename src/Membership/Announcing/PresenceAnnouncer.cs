using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Messaging.Cluster;

namespace OrleansRooms.Membership.Announcing;

/// <summary>
/// Tells the namespace's grain that this node has the namespace and how many sockets it holds in it. Whether there are any decides whether
/// broadcasts to the whole namespace come here, and is told at once; the exact number follows a little later.
/// </summary>
internal sealed class PresenceAnnouncer : IDisposable
{
    // Other nodes count this node's sockets for the whole namespace; a number that is this old serves them.
    private static readonly TimeSpan CountDelay = TimeSpan.FromMilliseconds(200);

    private readonly ClusterNode _node;
    private readonly string _namespace;
    private readonly ITimer _countTimer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallTokens _calls;
    private readonly Lock _lock = new();
    private Account _actual;
    private Account _told;
    private Account? _beingTold;
    private NodeRun? _toldBy;
    private TaskCompletionSource? _waiting;
    private TaskCompletionSource? _repeating;
    private long _repeatsDue;
    private long _repeatBeingTold;
    private long _repeatTold;
    private bool _isActive;
    private bool _isCountDue;

    public PresenceAnnouncer(ClusterNode node, string ns)
    {
        _node = node;
        _namespace = ns;
        _calls = new CallTokens(node.Participant, _stopping.Token);
        _countTimer = node.Time.CreateTimer(static self => ((PresenceAnnouncer)self!).TellCount(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc cref="MembershipAnnouncer.StartAfter"/>
    public Task StartAfter { get; set; } = Task.CompletedTask;

    /// <summary>Opens the namespace on this node.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _actual = _actual with { IsPresent = true };
            Activate();
        }
    }

    /// <summary>Notes the number of sockets. Called under the holder's lock.</summary>
    public void SetSockets(int sockets)
    {
        lock (_lock)
        {
            _actual = _actual with { Sockets = sockets };
            if (_actual.IsRouted != _told.IsRouted)
            {
                Activate();
            }
            else if (!_isCountDue && !_isActive)
            {
                _isCountDue = true;
                _countTimer.Change(CountDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Completes when broadcasts to the whole namespace come to this node; <see langword="null"/> when they do already, or have no reason to.
    /// </summary>
    public Task? WhenRouted()
    {
        lock (_lock)
        {
            return !_actual.IsRouted || (_told.IsRouted && _beingTold is null or { IsRouted: true }) ? null : Wait();
        }
    }

    /// <summary>Completes when the grain knows that this node has the namespace.</summary>
    public Task WhenPresentAsync()
    {
        lock (_lock)
        {
            return _told.IsPresent == _actual.IsPresent ? Task.CompletedTask : Wait();
        }
    }

    /// <summary>Tells the grain everything again, because it may have lost it or because the node has registered anew.</summary>
    public void Repeat()
    {
        lock (_lock)
        {
            if (_actual.IsPresent)
            {
                _repeatsDue++;
                Activate();
            }
        }
    }

    /// <summary>Tells the grain everything again, and completes when it has been told or the namespace is closed.</summary>
    public async Task RepeatAsync()
    {
        Task told;
        lock (_lock)
        {
            if (!_actual.IsPresent)
            {
                return;
            }

            _repeatsDue++;
            _repeating ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            told = _repeating.Task;
            Activate();
        }

        await told.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Closes the namespace on this node.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _actual = default;
            return Wait();
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _calls.End();
        _countTimer.Dispose();
    }

    private void TellCount()
    {
        lock (_lock)
        {
            _isCountDue = false;
            if (_actual != _told)
            {
                Activate();
            }
        }
    }

    private Task Wait()
    {
        _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Activate();
        return _waiting.Task;
    }

    private void Activate()
    {
        if (!_isActive && !_stopping.IsCancellationRequested)
        {
            _isActive = true;
            ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.AnnounceAsync(), this, preferLocal: false);
        }
    }

    private async Task AnnounceAsync()
    {
        var failures = 0;
        try
        {
            await StartAfter.WaitAsync(_stopping.Token).ConfigureAwait(false);
            while (true)
            {
                var run = await _node.WhenRegisteredAsync(_stopping.Token).ConfigureAwait(false);
                if (!TryBegin(run, out var account))
                {
                    return;
                }

                failures = await TryTellAsync(run, account, failures + 1).ConfigureAwait(false) ? 0 : failures + 1;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closed.
        }
    }

    private bool TryBegin(NodeRun run, out Account account)
    {
        lock (_lock)
        {
            account = _actual;
            if (_told == _actual && _toldBy == run && _repeatTold == _repeatsDue)
            {
                _isActive = false;
                _waiting?.TrySetResult();
                _waiting = null;
                return false;
            }

            _beingTold = account;
            _repeatBeingTold = _repeatsDue;
            return true;
        }
    }

    private async Task<bool> TryTellAsync(NodeRun run, Account account, int attempt)
    {
        try
        {
            var presence = new NamespacePresence(run.Identity, run.NextVersion(), account.IsPresent, account.Sockets);
            var accepted = await _node.Grains.GetGrain<INamespaceGrain>(new NamespaceKey(_node.ClusterKey, _namespace).ToGrainKey())
                .ApplyAsync(presence).WithinAsync(_node.Options.CallTimeout, _node.Time, _calls.Next).ConfigureAwait(false);
            if (!accepted)
            {
                _node.ReportFenced(run);
            }

            Told(run, account, accepted);
            return true;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Owners were lost, and perhaps the namespace's grain with them: told again at once, as no failure.
            return true;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _node.ReportFailure(exception);
            await _node.Recovery.PauseAsync(attempt, _stopping.Token).ConfigureAwait(false);
            return false;
        }
    }

    private void Told(NodeRun run, Account account, bool accepted)
    {
        lock (_lock)
        {
            _beingTold = null;
            _told = accepted ? account : default;
            _toldBy = accepted ? run : null;
            if (accepted)
            {
                _repeatTold = _repeatBeingTold;
                if (_repeatTold == _repeatsDue)
                {
                    _repeating?.TrySetResult();
                    _repeating = null;
                }
            }

            if (accepted && account.IsRouted == _actual.IsRouted && account.IsPresent == _actual.IsPresent)
            {
                // Those who wait do so for routes, not for the number.
                _waiting?.TrySetResult();
                _waiting = null;
            }
        }
    }

    private readonly record struct Account(bool IsPresent, int Sockets)
    {
        public bool IsRouted => Sockets > 0;
    }
}
