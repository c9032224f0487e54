using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Membership;

// What it does all the time: registers, lives with its registration until it is declared departed, and registers again.
internal sealed partial class ClusterNode
{
    private async Task RunAsync()
    {
        long lastEpoch = 0;
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var registration = await Directory.RegisterAsync(NodeId, lastEpoch)
                    .WithinAsync(Options.CallTimeout, Time, _stopping.Token).ConfigureAwait(false);
                lastEpoch = registration.Node.Epoch;
                await Participant.SubscribeAsync(registration.Node, _stopping.Token).ConfigureAwait(false);
                var since = Time.GetTimestamp();
                await LiveAsync(registration).ConfigureAwait(false);
                Metrics.Fenced();
                Log.Fenced(_logger, registration.Node);
                // At once, unless it was fenced before it had lived for a lease: that would keep the whole cluster busy, again and again.
                failures = Time.GetElapsedTime(since) < registration.Lease ? failures + 1 : 0;
                if (failures > 1)
                {
                    await Task.Delay(Backoff.After(failures - 1), Time, _stopping.Token)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                OnDirectoryFailed(exception);
                await Task.Delay(Backoff.After(++failures), Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LiveAsync(NodeRegistration registration)
    {
        var run = new NodeRun(registration.Node);
        var heartbeat = new NodeHeartbeat(this, run, registration.Lease);
        lock (_lock)
        {
            _heartbeat = heartbeat;
            Rebuild.Begin(registration.Generation);
            Participant.Routes.Begin(registration.Generation);
            Participant.Begin(run);
        }

        Participant.Health.Registered(registration.Lease);
        Log.Registered(_logger, registration.Node);
        foreach (var (_, ns) in _namespaces)
        {
            ns.Announce();
        }

        using var fenced = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var watching = DirectoryWatch.RunAsync(Participant, OnDirectoryAnswered, fenced.Token);
        try
        {
            await heartbeat.RunUntilFencedAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            lock (_lock)
            {
                // The registration stays: what waits is still sent in its name.
                _heartbeat = null;
            }

            throw;
        }
        finally
        {
            await fenced.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        lock (_lock)
        {
            _heartbeat = null;
            Participant.End(run);
        }
    }

    // What others hold on this node's behalf may be lost without a word: members, presence, the subscription.
    private void Verify()
    {
        if (CurrentRun is null)
        {
            return;
        }

        Participant.DoubtStream();
        foreach (var (_, ns) in _namespaces)
        {
            ns.Verify();
        }
    }
}
