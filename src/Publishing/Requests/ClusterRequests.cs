using System.Collections.Concurrent;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Requests;

/// <summary>The requests of this process that wait for answers of others.</summary>
internal sealed class ClusterRequests(ClusterParticipant participant) : IDisposable
{
    private readonly ConcurrentDictionary<long, PendingRequest> _pending = new();
    private long _lastId;
    private int _count;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gives a request its number and expects answers to it.</summary>
    /// <exception cref="InvalidOperationException">Too many wait already.</exception>
    public void Add(PendingRequest request)
    {
        if (!TryAdd(request))
        {
            throw new InvalidOperationException(
                $"{participant.Options.MaxPendingRequests} requests wait for other nodes already ({nameof(PublishingOptions.MaxPendingRequests)}).");
        }
    }

    /// <summary>Gives a request its number and, unless too many wait already, expects answers to it.</summary>
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
        return true;
    }

    /// <summary>Waits for a request, no longer than it may take, and forgets it.</summary>
    /// <returns>Whether all answers came.</returns>
    public async Task<bool> WaitAsync(PendingRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await request.Completed.WaitAsync(timeout, participant.Time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            participant.Metrics.RequestIncomplete();
            return false;
        }
        finally
        {
            Remove(request);
        }
    }

    /// <summary>Hands an answer to the request it belongs to; those that come too late are ignored.</summary>
    public void OnResponse(NodeIdentity from, Envelope response)
    {
        if (_pending.TryGetValue(response.RequestId, out var request))
        {
            request.OnResponse(from, response);
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
            participant.Metrics.PendingRequests(-1);
        }
    }
}
