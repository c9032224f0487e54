using Microsoft.Extensions.Logging;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Cluster;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Links;

/// <summary>
/// The way to one run of another process: envelopes go out in order, everything that waits in one send. What was sent is kept until the
/// other end has acknowledged it, and sent again if it asks for it. Mostly that acknowledgement is the only answer; else the next send
/// begins when the carrier has taken the last. Acknowledgements for the other direction ride along.
/// </summary>
internal sealed partial class NodeLink : IThreadPoolWorkItem
{
    // A batch travels as one message of Orleans; smaller ones let others through in between.
    private const int MaxBatchMessages = 1000;
    private const long MaxBatchBytes = 1024 * 1024;

    // What may be unacknowledged at once; a multiple of what is posted without having heard of the receiver. Beyond that messages wait in
    // the queue.
    private const int MaxUnacknowledgedMessages = 16 * LinkReceiver.UnheardMessages;
    private const long MaxUnacknowledgedBytes = 16 * LinkReceiver.UnheardBytes;

    // What it is doing: nothing; sending; sending, and something has happened since it last looked.
    private const int Resting = 0;
    private const int Running = 1;
    private const int Notified = 2;

    private readonly ClusterParticipant _participant;
    private readonly OutboundQueue _queue;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing;
    private readonly CallTokens _calls;
    private readonly Lock _lock = new();
    private readonly ReplayRing _ring;
    private readonly List<OutboundMessage> _taken = [];
    private readonly List<OutboundMessage> _released = [];
    private TaskCompletionSource? _idle;
    private NodeRun? _run;
    private int _activity;
    private bool _isSending;
    private bool _isAnswerDue;
    private bool _isUnconfirmed;
    private bool _isDropping;

    public NodeLink(ClusterParticipant participant, NodeIdentity destination, long firstNumber, CancellationToken stopping)
    {
        _participant = participant;
        Destination = destination;
        _queue = new OutboundQueue(participant.Options.MaxQueuedMessages, participant.Options.MaxQueuedBytes);
        _answers = new OutboundQueue(participant.Options.MaxQueuedMessages, long.MaxValue);
        _ring = new ReplayRing(MaxUnacknowledgedMessages, MaxUnacknowledgedBytes, firstNumber);
        _logger = participant.Loggers.CreateLogger<NodeLink>();
        _closing = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _calls = new CallTokens(participant, _closing.Token);
        LastUsed = participant.Time.GetTimestamp();
    }

    public NodeIdentity Destination { get; }

    /// <summary>When something was last sent or acknowledged, as a time stamp.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Whether the destination was ever among the living nodes. Its departure will be told then.</summary>
    public bool IsToNode { get; private set; }

    /// <summary>Whether so much waits for the receiver to have handed it on that who emits should wait too.</summary>
    public bool IsBusy => _queue.IsBusy;

    /// <summary>Completes when it is not busy any more.</summary>
    public Task Room => _queue.Room;

    /// <inheritdoc cref="OutboundQueue.Widen"/>
    public void Widen() => _queue.Widen();

    /// <summary>A number higher than all that were used.</summary>
    public long NextNumber
    {
        get
        {
            lock (_lock)
            {
                return _ring.Next;
            }
        }
    }

    /// <summary>Queues a message behind everything sent before; <see cref="Notify"/> sets it going.</summary>
    public void Add(OutboundMessage message)
    {
        _queue.Add(message, out var dropped);
        if (dropped is not null)
        {
            _participant.Metrics.Dropped("link full", dropped.Count);
            if (!_isDropping)
            {
                _isDropping = true;
                Log.LinkFull(_logger, _participant.Id, Destination);
            }
        }
    }

    /// <summary>Something is to be done: there are new messages, or acknowledgements in either direction.</summary>
    public void Notify()
    {
        if (TryAwake())
        {
            // Without the caller's execution context, which must not live on in it.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>
    /// The same, but on the caller's thread as far as it does not have to wait. The caller has no context that must not live on.
    /// </summary>
    public void NotifyHere()
    {
        if (TryAwake())
        {
            _ = RunAsync();
        }
    }

    /// <summary>The other end says how far it is.</summary>
    public void OnAcknowledged(LinkAcknowledgement acknowledgement)
    {
        bool isWork;
        lock (_lock)
        {
            _ring.OnAcknowledged(acknowledgement, _released);
            if (_released.Count > 0)
            {
                Release_NeedsLock();
            }

            // One that asks for more than there is has to hear that there is nothing.
            _isAnswerDue |= acknowledgement.SendAgain && _ring.Cursor == _ring.Next;
            isWork = _isAnswerDue || _ring.Cursor < _ring.Next || Queued > _ring.Count;
        }

        if (isWork)
        {
            Notify();
        }
    }

    /// <summary>Some time has passed.</summary>
    public void Tick()
    {
        bool isWork;
        IsToNode = IsToNode || _participant.Living.IsLiving(Destination);
        lock (_lock)
        {
            _ring.Tick();
            isWork = _ring.IsProbeDue;
        }

        if (isWork)
        {
            Notify();
        }
    }

    /// <summary>Completes when everything sent so far is on the carrier, and the carrier has said so.</summary>
    public Task WhenIdleAsync()
    {
        Task idle;
        lock (_lock)
        {
            if (IsIdle_NeedsLock && !IsConfirmationDue_NeedsLock)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
        }

        Notify();
        return idle;
    }

    /// <summary>Gives up what waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (Queued - _ring.Carried is > 0 and var given)
            {
                _participant.Metrics.Dropped("departed", given);
            }

            _idle?.TrySetResult();
        }

        _queue.Close();
        _closing.Cancel();
        _calls.End();
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    // Whether the caller has to see to it that the link runs; one that runs already looks again.
    private bool TryAwake() => Interlocked.Exchange(ref _activity, Notified) == Resting;

    // Whether the carrier has not said of all that it has taken it, nor the receiver.
    private bool IsConfirmationDue_NeedsLock => _isUnconfirmed && _ring.Count > 0;

    // What the ring keeps counts in the queue until it is released.
    private bool IsIdle_NeedsLock => !_isSending && Queued == _ring.Count && _ring.Cursor == _ring.Next;

    private async Task RunAsync()
    {
        try
        {
            do
            {
                Volatile.Write(ref _activity, Running);
                var run = await _participant.WhenRegisteredAsync(_closing.Token).ConfigureAwait(false);
                while (NextBatch(run) is { } batch)
                {
                    await SendAsync(batch).ConfigureAwait(false);
                    run = await _participant.WhenRegisteredAsync(_closing.Token).ConfigureAwait(false);
                }
            }
            while (Interlocked.CompareExchange(ref _activity, Resting, Running) != Running);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The destination departed, or this process stops.
        }
    }

    private EnvelopeBatch? NextBatch(NodeRun run)
    {
        Envelope[] envelopes;
        long sequence, oldest;
        bool isProbe, isAnswer, isConfirmation, isPosted;
        lock (_lock)
        {
            // What was acknowledged before the carrier returned is on its way no longer, but not counted yet.
            _isSending = false;
            if (run != _run)
            {
                _run = run;
                _ring.Restart(_released);
                Release_NeedsLock();
            }

            if (_ring.Cursor == _ring.Next)
            {
                Fill_NeedsLock();
            }

            envelopes = _ring.Take(MaxBatchMessages, MaxBatchBytes);
            sequence = _ring.Cursor;
            oldest = _ring.Oldest;
            isProbe = _ring.IsProbeDue;
            isAnswer = _isAnswerDue;
            _isAnswerDue = false;
            if (isProbe)
            {
                _ring.Probed();
            }

            isConfirmation = envelopes.Length == 0 && _idle is not null && IsConfirmationDue_NeedsLock;
            if (envelopes.Length == 0 && !isConfirmation && IsIdle_NeedsLock)
            {
                _idle?.TrySetResult();
                _idle = null;
            }

            isPosted = !isProbe && !isConfirmation && (envelopes.Length == 0 || CanPost_NeedsLock());
            _isSending = envelopes.Length > 0;
        }

        var isNeeded = envelopes.Length > 0 || isProbe || isAnswer || isConfirmation;
        return _participant.TryTakeAcknowledgement(Destination, onlyIfDue: !isNeeded, out var acknowledgement) || isNeeded
            ? new EnvelopeBatch(
                run.Identity, envelopes, sequence, oldest, acknowledgement.UpTo, FlagsOf(acknowledgement, isProbe, isPosted))
            {
                ReplyTo = _participant.ReplyTo,
            }
            : null;
    }

    private static LinkFlags FlagsOf(LinkAcknowledgement acknowledgement, bool isProbe, bool isPosted) =>
        (acknowledgement.SendAgain ? LinkFlags.SendAgain : LinkFlags.None)
        | (isProbe ? LinkFlags.AcknowledgeNow : LinkFlags.None)
        | (isPosted ? LinkFlags.Posted : LinkFlags.None);

    // Whether the receiver's acknowledgement is answer enough. Not for what has to be sent again; not for more than a receiver lets wait
    // before it acknowledges, since only a carrier that answers holds up who sends too much; not when somebody waits for the carrier.
    private bool CanPost_NeedsLock() => _idle is null && !_ring.IsReplaying
        && _ring.Count <= LinkReceiver.UnheardMessages && _ring.Bytes <= LinkReceiver.UnheardBytes;

    // Moves what waits into the ring, as far as it has room.
    private void Fill_NeedsLock()
    {
        var messages = Math.Min(MaxBatchMessages, _ring.FreeMessages);
        if (messages <= 0)
        {
            return;
        }

        TakeInTurn_NeedsLock(messages, Math.Min(MaxBatchBytes, _ring.FreeBytes));
        foreach (var message in _taken)
        {
            _ring.Add(message);
        }

        _taken.Clear();
    }

    private void Release_NeedsLock()
    {
        ReleaseAnswers_NeedsLock();
        if (_queue.Release(_released))
        {
            _isDropping = false;
        }

        _released.Clear();
        LastUsed = _participant.Time.GetTimestamp();
    }

    private async Task SendAsync(EnvelopeBatch batch)
    {
        for (var attempt = 1; !await TrySendAsync(batch, attempt).ConfigureAwait(false); attempt++)
        {
            await _participant.Addresses.PauseAsync(attempt, _closing.Token).ConfigureAwait(false);
            if (batch.Envelopes.Length == 0)
            {
                // What it told may be out of date by now.
                return;
            }
        }

        OnCarried(batch);
    }

    private async Task<bool> TrySendAsync(EnvelopeBatch batch, int attempt)
    {
        try
        {
            var stream = await _participant.Addresses.FindAsync(Destination, _closing.Token).ConfigureAwait(false);
            // (7) One send for all that waits.
            await stream.OnNextAsync(batch)
                .WithinAsync(_participant.Options.CallTimeout, _participant.Time, _calls.Next).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            _participant.Metrics.SendFailed(Destination.Id);
            // Cancelled, it was not refused: a silo was lost, perhaps the one that it was sent to. Sent again, it is taken once. A node
            // that leaves closes its stream a moment before everybody knows; what is only owed to it is then owed to nobody.
            if (exception is not OperationCanceledException && batch.Envelopes.Length > 0 && attempt > 1)
            {
                _participant.ReportFailure(exception);
            }

            return false;
        }
    }

    private void OnCarried(EnvelopeBatch batch)
    {
        var isPosted = (batch.Flags & LinkFlags.Posted) != 0;
        if (batch.Envelopes.Length == 0)
        {
            if (!isPosted)
            {
                lock (_lock)
                {
                    // It went the way of all others, behind them.
                    _isUnconfirmed = false;
                }
            }

            _participant.Metrics.Acknowledged(Destination.Id);
            return;
        }

        int again;
        lock (_lock)
        {
            _isUnconfirmed = isPosted;
            again = _ring.OnCarried(batch.Sequence, batch.Envelopes.Length);
            LastUsed = _participant.Time.GetTimestamp();
        }

        _participant.Metrics.Sent(Destination.Id, batch.Envelopes.Length - again);
        if (again > 0)
        {
            _participant.Metrics.Replayed(Destination.Id, again);
        }
    }
}
