using System.Diagnostics.CodeAnalysis;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Links;

/// <content>
/// Answers to questions, and the cluster's own messages. They have a queue of their own, so that neither they nor packets take the other's
/// room, and the two take turns on the way out. Long answers pass one after the other, and only as fast as the other end takes them.
/// </content>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed partial class NodeLink
{
    // How much of long answers may be under way. More than a receiver lets wait before it acknowledges, or each would wait for its tick.
    private const long MaxLongAnswerBytes = 3 * 1024 * 1024 / 2;

    private readonly OutboundQueue _answers;
    private readonly List<OutboundMessage> _releasedAnswers = [];
    private readonly SemaphoreSlim _longAnswers = new(1, 1);
    private TaskCompletionSource? _room;
    private bool _isAnswersTurn;
    private bool _isDroppingAnswers;

    /// <summary>Cancelled when the destination departed, or this process stops.</summary>
    public CancellationToken Closed => _closing.Token;

    private bool HasRoom => _answers.Bytes < MaxLongAnswerBytes;

    private int Queued => _queue.Count + _answers.Count;

    /// <summary>
    /// Sends an answer behind those before it. If there is no room for what is in it, it goes without and says that it failed, so that
    /// whoever asked does not wait for it.
    /// </summary>
    /// <param name="envelope">The answer.</param>
    /// <param name="hasRoom">Whether it has waited for room.</param>
    public void Answer(Envelope envelope, bool hasRoom = false)
    {
        var message = new OutboundMessage(envelope) { IsAnswer = true };
        if (!hasRoom && envelope.Payload.Length + envelope.Attachments.Length > 0 && !Fits(message))
        {
            OnAnswerDropped();
            message = new OutboundMessage(
                envelope with { Payload = [], Attachments = [], Flags = envelope.Flags | EnvelopeFlags.Failed }) { IsAnswer = true };
        }

        _answers.Add(message, out var dropped);
        if (dropped is not null)
        {
            OnAnswerDropped();
        }

        Notify();
    }

    /// <summary>Waits for the turn of a long answer, or of a part of it; <see cref="LeaveLongAnswer"/> gives it to the next.</summary>
    public Task EnterLongAnswerAsync(CancellationToken cancellationToken) => _longAnswers.WaitAsync(cancellationToken);

    /// <summary>It is another answer's turn.</summary>
    public void LeaveLongAnswer() => _longAnswers.Release();

    /// <summary>Waits until there is room for a piece of a long answer, whose turn it is.</summary>
    public async ValueTask WhenRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (HasRoom)
                {
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool Fits(OutboundMessage message) =>
        _answers.Bytes is var waiting && (waiting == 0 || waiting + message.Size <= _participant.Options.MaxQueuedBytes);

    private void OnAnswerDropped()
    {
        _participant.Metrics.Dropped("answers full", 1);
        if (!_isDroppingAnswers)
        {
            _isDroppingAnswers = true;
            Log.AnswersFull(_logger, _participant.Id, Destination);
        }
    }

    // A batch of both kinds. Who is first has half of it for certain and a message at least, and is the other the next time.
    private void TakeInTurn_NeedsLock(int messages, long bytes)
    {
        _isAnswersTurn = !_isAnswersTurn;
        var (first, second) = _isAnswersTurn ? (_answers, _queue) : (_queue, _answers);
        first.TryTake(_taken, Math.Max(1, messages / 2), bytes / 2);
        second.TryTake(_taken, messages, bytes - SizeOfTaken_NeedsLock());
        first.TryTake(_taken, messages, bytes - SizeOfTaken_NeedsLock());
    }

    private long SizeOfTaken_NeedsLock()
    {
        long size = 0;
        foreach (var message in _taken)
        {
            size += message.Size;
        }

        return size;
    }

    // What was released of them, which leaves the packets.
    private void ReleaseAnswers_NeedsLock()
    {
        foreach (var message in _released)
        {
            if (message.IsAnswer)
            {
                _releasedAnswers.Add(message);
            }
        }

        if (_releasedAnswers.Count == 0)
        {
            return;
        }

        _released.RemoveAll(static message => message.IsAnswer);
        if (_answers.Release(_releasedAnswers))
        {
            _isDroppingAnswers = false;
        }

        _releasedAnswers.Clear();
        if (_room is { } room && HasRoom)
        {
            _room = null;
            room.SetResult();
        }
    }
}
