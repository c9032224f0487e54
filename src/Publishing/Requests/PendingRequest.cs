using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Publishing.Requests;

/// <summary>
/// A request that went, or will go, to other nodes: which of them still owe an answer. A node that departs owes nothing any more. Thread-safe;
/// subclasses do their part under the lock.
/// </summary>
internal abstract class PendingRequest
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // By node id: a node that registers again in between still answers for what it was asked.
    private readonly Dictionary<string, NodeIdentity> _owing = new(StringComparer.Ordinal);
    private readonly List<string> _failed = [];
    private bool _isRouted;
    private bool _isClosed;

    /// <summary>The requester's number for it.</summary>
    public long Id { get; internal set; }

    /// <summary>Completes when every node has answered, or there is nothing to wait for.</summary>
    public Task Completed => _completed.Task;

    protected Lock Lock { get; } = new();

    /// <summary>The nodes that were asked are known.</summary>
    public void OnRouted(IReadOnlyList<NodeIdentity> nodes)
    {
        lock (Lock)
        {
            _isRouted = true;
            foreach (var node in nodes)
            {
                _owing[node.Id] = node;
            }

            CompleteIfDone();
        }
    }

    /// <summary>Takes an answer; those of nodes that owe none are ignored.</summary>
    public void OnResponse(NodeIdentity from, Envelope response)
    {
        lock (Lock)
        {
            if (_isClosed || !_owing.ContainsKey(from.Id))
            {
                return;
            }

            if ((response.Flags & EnvelopeFlags.Failed) != 0)
            {
                _failed.Add(from.Id);
                _owing.Remove(from.Id);
            }
            else if (TakeResponse(from.Id, response))
            {
                _owing.Remove(from.Id);
            }

            CompleteIfDone();
        }
    }

    /// <summary>A node departed: it will not answer.</summary>
    public void OnDeparted(NodeIdentity node)
    {
        lock (Lock)
        {
            if (_owing.TryGetValue(node.Id, out var asked) && asked == node)
            {
                _owing.Remove(node.Id);
                Departed(node.Id);
                CompleteIfDone();
            }
        }
    }

    /// <summary>It was dropped before it went out.</summary>
    public void Refuse() => _completed.TrySetResult();

    /// <summary>Ignores what comes from now on.</summary>
    /// <param name="missing">The nodes that have not answered, or could not.</param>
    /// <returns>Whether it ever became known which nodes to ask.</returns>
    public bool Close(out ImmutableArray<string> missing)
    {
        lock (Lock)
        {
            _isClosed = true;
            foreach (var (id, _) in _owing)
            {
                if (!IsAnswered(id))
                {
                    _failed.Add(id);
                }
            }

            missing = [.. _failed];
            return _isRouted;
        }
    }

    /// <summary>Takes a node's answer, under the lock.</summary>
    /// <returns>Whether it was its last.</returns>
    protected abstract bool TakeResponse(string nodeId, Envelope response);

    /// <summary>Whether a node that still owes something has answered enough not to be called missing. Under the lock.</summary>
    protected virtual bool IsAnswered(string nodeId) => false;

    /// <summary>A node that owed something is gone. Under the lock.</summary>
    protected virtual void Departed(string nodeId)
    {
    }

    /// <summary>Whether anything but nodes is waited for. Under the lock.</summary>
    protected virtual bool IsWaitingBesides => false;

    /// <summary>Whether it is closed. Under the lock.</summary>
    protected bool IsClosed => _isClosed;

    /// <summary>Completes the request if nobody owes anything any more. Under the lock.</summary>
    protected void CompleteIfDone()
    {
        if (_isRouted && _owing.Count == 0 && !IsWaitingBesides)
        {
            _completed.TrySetResult();
        }
    }
}
