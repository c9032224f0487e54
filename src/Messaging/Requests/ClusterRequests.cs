using System.Collections.Concurrent;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Outbound;

namespace OrleansRooms.Messaging.Requests;

/// <summary>The requests of this process that wait for answers of others.</summary>
internal sealed class ClusterRequests(ClusterParticipant participant) : IDisposable
{
    private readonly ConcurrentDictionary<long, PendingRequest> _pending = new();
    private long _lastId;
    private long _bytes;
    private int _count;
    private volatile bool _isStopped;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many bytes the answers take that have come to those that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Gives a request its number and expects answers to it.</summary>
    /// <returns>Expects none any more when disposed of, which whoever asks does whatever happens.</returns>
    /// <exception cref="InvalidOperationException">Too many wait already.</exception>
    public Expectation Add(PendingRequest request) => TryAdd(request)
        ? new Expectation(this, request)
        : throw new InvalidOperationException(
            $"{participant.Options.MaxPendingRequests} requests wait for other nodes already " +
            $"({nameof(MessagingOptions.MaxPendingRequests)}).");

    /// <summary>Gives a request its number and, unless too many wait already, expects answers to it until <see cref="Remove"/>.</summary>
    public bool TryAdd(PendingRequest request)
    {
        request.Id = Interlocked.Increment(ref _lastId);
        if (Interlocked.Increment(ref _count) > participant.Options.MaxPendingRequests)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _pending[request.Id] = request;
        participant.Metrics.PendingRequests(1);
        if (_isStopped)
        {
            // Nobody else refuses it.
            request.Refuse();
        }

        return true;
    }

    /// <summary>Waits for a request, no longer than it may take.</summary>
    /// <returns>Whether all answers came.</returns>
    /// <exception cref="InvalidOperationException">The answers take more than there is room for.</exception>
    public async Task<bool> WaitAsync(PendingRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await request.Completed.WaitAsync(timeout, participant.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            participant.Metrics.RequestIncomplete();
            return false;
        }

        return !request.IsTooLarge
            ? true
            : throw new InvalidOperationException(
                $"The answers of other nodes take more than {participant.Options.MaxAnswerBytes} bytes together with those to other "
                + "questions that wait "
                + $"({nameof(MessagingOptions.MaxAnswerBytes)}), and these take most. Ask about fewer sockets at once, or raise it.");
    }

    /// <summary>Hands an answer to the request it belongs to; those that come too late are ignored.</summary>
    public void OnResponse(NodeIdentity from, Envelope response, int size)
    {
        if (_pending.TryGetValue(response.RequestId, out var request) && request.OnResponse(from, response, size)
            && Interlocked.Add(ref _bytes, size) > participant.Options.MaxAnswerBytes)
        {
            GiveUpLargest();
        }
    }

    /// <summary>
    /// Lets nodes that still wait for acks of their sockets to a question without a limit do so no longer; they would until the sockets
    /// disconnect.
    /// </summary>
    public void ForgetAcks(BroadcastAckRequest request, string ns)
    {
        foreach (var node in request.Owing)
        {
            // Behind the question, and so among the packets.
            participant.Links.Add(
                node,
                new OutboundMessage(new Envelope { Kind = EnvelopeKind.ForgetAcks, Namespace = ns, RequestId = request.Id }))?.Notify();
        }
    }

    /// <summary>A node departed.</summary>
    public void OnDeparted(NodeIdentity departed)
    {
        foreach (var (_, request) in _pending)
        {
            request.OnDeparted(departed);
        }
    }

    /// <summary>Lets nobody wait any longer.</summary>
    public void Dispose()
    {
        _isStopped = true;
        foreach (var (_, request) in _pending)
        {
            request.Refuse();
        }
    }

    /// <summary>Forgets a request; answers to it are ignored.</summary>
    public void Remove(PendingRequest request)
    {
        if (_pending.TryRemove(request.Id, out _))
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -request.Forget());
            participant.Metrics.PendingRequests(-1);
        }
    }

    // Whoever asked for most has asked for too much; the answers of the others stay.
    private void GiveUpLargest()
    {
        PendingRequest? largest = null;
        foreach (var (_, request) in _pending)
        {
            largest = largest is null || request.Bytes > largest.Bytes ? request : largest;
        }

        if (largest is not null)
        {
            Interlocked.Add(ref _bytes, -largest.GiveUp());
            participant.Metrics.RequestIncomplete();
        }
    }

    /// <summary>A request to which answers are expected until this is disposed of.</summary>
    internal readonly struct Expectation(ClusterRequests requests, PendingRequest request) : IDisposable
    {
        public void Dispose() => requests.Remove(request);
    }
}
