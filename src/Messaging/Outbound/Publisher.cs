using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Links;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Messaging.Outbound;

/// <summary>
/// The way out of one namespace: everything sent goes through one queue in order, whatever it is. One pump takes all that waits as a batch,
/// finds out where its rooms have members, and hands each message to the links of the nodes that need it. While a batch is under way the
/// next one grows.
/// </summary>
internal sealed partial class Publisher(ClusterParticipant participant, string ns, RouteCache? cache, ILogger logger)
    : IThreadPoolWorkItem, IDisposable
{
    private const int MaxBatchMessages = 2000;
    private const long MaxBatchBytes = 8 * 1024 * 1024;

    // Nobody waits longer for room: a cluster or node that does not answer is no reason to serve nobody.
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(1);

    private readonly OutboundQueue _queue = new(participant.Options.MaxQueuedMessages, participant.Options.MaxQueuedBytes);
    private readonly RouteResolver _resolver = new(participant, ns, cache);
    private readonly RouteTable _routes = new();
    private readonly JoinRoutes _joins = new();
    private readonly ConcurrentQueue<(long RequestId, string NodeId)> _confirmed = new();
    private readonly List<OutboundMessage> _batch = [];
    private readonly List<NodeIdentity> _destinations = [];
    private readonly List<NodeLink> _touched = [];
    private readonly CancellationTokenSource _stopping = new();
    private CallTokens? _calls;
    private readonly Lock _idleLock = new();
    private TaskCompletionSource? _idle;
    private bool _isDropping;
    private NodeLink? _busyLink;

    public string Namespace => ns;

    /// <summary>Where rooms had members when their owners were last asked, if this process may keep that.</summary>
    public RouteCache? Cache => cache;

    /// <summary>Whether everything sent so far has been handed to the links.</summary>
    public bool IsEmpty => _queue.Count == 0;

    /// <summary>Sends a message to the nodes that need it, behind everything sent before.</summary>
    /// <returns>
    /// Completes when who sent it may send more: at once, unless much waits already on its way. Then when it has been routed and there is
    /// room on the links that it took, at the latest after <see cref="MaxHold"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// It is more than the cluster carries in one message. Nobody gets it then, and a request is forgotten.
    /// </exception>
    public Task Send(OutboundMessage message)
    {
        if (message.Size > participant.Options.MaxMessageBytes)
        {
            Refuse(message);
        }

        participant.Metrics.Queued(1);
        var passed = IsBusy ? message.Hold() : Task.CompletedTask;
        if (_queue.Add(message, out var dropped))
        {
            DetachedWork.Start(this);
        }

        if (dropped is not null)
        {
            Drop(dropped);
        }

        if (passed.IsCompleted)
        {
            return Task.CompletedTask;
        }

        participant.Metrics.Held();
        return WaitAsync(passed);
    }

    /// <summary>The owners know what became of a join on one node. May be called from any thread.</summary>
    public void ConfirmJoin(long requestId, NodeIdentity from) => _confirmed.Enqueue((requestId, from.Id));

    /// <summary>Completes when everything sent so far has been handed to the links.</summary>
    public Task WhenIdleAsync()
    {
        lock (_idleLock)
        {
            if (_queue.Count == 0 || _stopping.IsCancellationRequested)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _calls?.End();
        _queue.Close();
        participant.Forget(this);
        Rest();
    }

    void IThreadPoolWorkItem.Execute() => _ = PumpAsync();

    // Of the links it is enough to know one that was busy lately: what goes by others passes as soon as it is routed.
    private bool IsBusy
    {
        get
        {
            if (_queue.IsBusy || _busyLink is { IsBusy: true })
            {
                // Nothing goes before this process has registered, and nobody need wait for it.
                return participant.CurrentRun is not null;
            }

            _busyLink = null;
            return false;
        }
    }

    private async Task WaitAsync(Task passed)
    {
        await passed.WaitAsync(MaxHold, participant.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!passed.IsCompleted)
        {
            _queue.Widen();
            _busyLink?.Widen();
        }
    }

    // Never what is too large: it would be as large the next time.
    private void Refuse(OutboundMessage message)
    {
        participant.Metrics.Dropped("too large", 1);
        if (message.Request is { } request)
        {
            participant.Requests.Remove(request);
        }

        throw new InvalidOperationException(
            $"A message of about {message.Size} bytes to namespace {ns} is more than the cluster carries in one, "
            + $"{participant.Options.MaxMessageBytes} bytes ({nameof(MessagingOptions.MaxMessageBytes)}): no other server gets it.");
    }

    private void Rest()
    {
        lock (_idleLock)
        {
            _idle?.TrySetResult();
            _idle = null;
        }
    }

    private void Drop(List<OutboundMessage> dropped)
    {
        participant.Metrics.Queued(-dropped.Count);
        participant.Metrics.Dropped("queue full", dropped.Count);
        foreach (var message in dropped)
        {
            message.Request?.Refuse();
            message.Pass(Task.CompletedTask);
        }

        if (!_isDropping)
        {
            _isDropping = true;
            Log.QueueFull(logger, participant.Id, ns);
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            // (4) Everything that waits is one batch; the next one grows meanwhile.
            for (var batches = 0L; _queue.TryTake(_batch, MaxBatchMessages, MaxBatchBytes); batches++)
            {
                if (batches == 1)
                {
                    // The first batch may have gone out on its sender's thread, without a wait. What others sent meanwhile is not his.
                    await Task.Yield();
                }

                await TryRouteBatchAsync().ConfigureAwait(false);
                if (_queue.Release(_batch))
                {
                    _isDropping = false;
                    Rest();
                }

                participant.Metrics.Queued(-_batch.Count);
                _batch.Clear();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The namespace is closed.
        }
    }

    private async Task TryRouteBatchAsync()
    {
        try
        {
            await RouteBatchAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            // What comes behind must not suffer for it.
            participant.Metrics.Dropped("failed", _batch.Count);
            Log.BatchFailed(logger, participant.Id, ns, _batch.Count, exception);
            foreach (var message in _batch)
            {
                message.Pass(Task.CompletedTask);
            }
        }
    }

    private async Task RouteBatchAsync()
    {
        var run = await participant.WhenRegisteredAsync(_stopping.Token).ConfigureAwait(false);
        // Only now, before the owners are asked: see JoinRoutes.
        ApplyConfirmations();
        _routes.Clear();
        foreach (var message in _batch)
        {
            _routes.Ask(message);
        }

        // (5) Which nodes have members in the rooms of this batch? What owners let this node keep needs no question.
        TakeFromCache();
        for (var attempt = 1; !_routes.IsAnswered && !await TryResolveAsync(run.Identity).ConfigureAwait(false); attempt++)
        {
            // Everything behind waits too, or it would overtake.
            await participant.Recovery.PauseAsync(attempt, _stopping.Token).ConfigureAwait(false);
        }

        foreach (var message in _batch)
        {
            Route(message, run.Identity.Id);
        }

        // Only now, so that each link sends its part of the batch as one.
        foreach (var link in _touched)
        {
            link.NotifyHere();
        }

        _touched.Clear();
    }

    private void TakeFromCache()
    {
        var rooms = _routes.OpenRooms.Count;
        if (rooms > 0)
        {
            var cached = cache is null ? 0 : _routes.TakeFrom(cache, participant.Time.GetTimestamp());
            participant.Metrics.Routed(cached, rooms - cached);
        }
    }

    private async Task<bool> TryResolveAsync(NodeIdentity asker)
    {
        var cancelled = (_calls ??= new CallTokens(participant, _stopping.Token)).Next;
        try
        {
            await _resolver.ResolveAsync(_routes, asker, cancelled).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            // Owners were lost, perhaps one of those that were asked.
            return false;
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            participant.ReportFailure(exception);
            return false;
        }
    }

    private void Route(OutboundMessage message, string ownId)
    {
        _destinations.Clear();
        _routes.CopyTo(message, _joins, ownId, _destinations);
        _destinations.RemoveAll(participant.Living.IsDeparted);
        if (message.Envelope is { Kind: EnvelopeKind.SocketsJoin } join)
        {
            var expires = participant.Time.GetTimestamp() + participant.Time.TicksOf(participant.Options.JoinTimeout * 2);
            _joins.Add(join.RequestId, join.Targets, _destinations, expires);
        }

        // (6) Onto the link of each of them. The request first: an answer must find the request expecting it.
        message.Request?.OnRouted(_destinations);
        var room = Task.CompletedTask;
        foreach (var destination in _destinations)
        {
            if (participant.Links.Add(destination, message) is { } link)
            {
                room = WithRoomOn(link, message, room);
            }

            if (message.Request is not null && participant.Living.IsDeparted(destination))
            {
                // It departed between the two looks, and whoever reported it may not have found it among those that owe an answer.
                message.Request.OnDeparted(destination);
            }
        }

        message.Pass(room);
    }

    private Task WithRoomOn(NodeLink link, OutboundMessage message, Task room)
    {
        if (!_touched.Contains(link))
        {
            _touched.Add(link);
        }

        if (!link.IsBusy)
        {
            return room;
        }

        _busyLink = link;
        return !message.IsHeld ? room : room.IsCompleted ? link.Room : Task.WhenAll(room, link.Room);
    }

    private void ApplyConfirmations()
    {
        while (_confirmed.TryDequeue(out var confirmed))
        {
            _joins.Confirm(confirmed.RequestId, confirmed.NodeId);
        }

        if (!_joins.IsEmpty)
        {
            _joins.Expire(participant.Time.GetTimestamp());
        }
    }
}
