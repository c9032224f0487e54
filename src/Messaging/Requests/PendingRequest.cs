using System.Collections.Immutable;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Messaging.Requests;

/// <summary>
/// A request that went, or will go, to other nodes: which of them still owe an answer. A node that departs owes nothing any more.
/// Thread-safe; subclasses do their part under the lock.
/// </summary>
internal abstract class PendingRequest
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // By node id: a node that registers again in between still answers for what it was asked.
    private readonly Dictionary<string, NodeIdentity> _owing = new(StringComparer.Ordinal);
    private readonly List<string> _failed = [];
    private long _bytes;
    private bool _isRouted;
    private volatile bool _isClosed;

    /// <summary>The requester's number for it.</summary>
    public long Id { get; internal set; }

    /// <summary>Completes when every node has answered, or there is nothing to wait for.</summary>
    public Task Completed => _completed.Task;

    /// <summary>How many bytes its answers take.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether it was given up because its answers take more than there is room for.</summary>
    public bool IsTooLarge { get; private set; }

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

            CompleteIfDone_NeedsLock();
        }
    }

    /// <summary>
    /// Takes an answer; those of nodes that owe none are ignored. Called where a link receives, so that what is in the answer is read
    /// elsewhere: by who asked.
    /// </summary>
    /// <param name="from">The node that answers.</param>
    /// <param name="response">The answer.</param>
    /// <param name="size">How many bytes it takes.</param>
    /// <returns>Whether it was taken.</returns>
    public bool OnResponse(NodeIdentity from, Envelope response, int size)
    {
        if (_isClosed)
        {
            // The link does not wait for who reads what has come.
            return false;
        }

        lock (Lock)
        {
            if (_isClosed || !_owing.ContainsKey(from.Id))
            {
                return false;
            }

            if ((response.Flags & EnvelopeFlags.Failed) != 0 && !IsOfOneSocket(response))
            {
                _failed.Add(from.Id);
                _owing.Remove(from.Id);
            }
            else if (TakeResponse_NeedsLock(from.Id, response))
            {
                _owing.Remove(from.Id);
            }

            Volatile.Write(ref _bytes, _bytes + size);
            CompleteIfDone_NeedsLock();
            return true;
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
                Departed_NeedsLock(node.Id);
                CompleteIfDone_NeedsLock();
            }
        }
    }

    /// <summary>It was dropped before it went out.</summary>
    public void Refuse() => _completed.TrySetResult();

    /// <summary>Its answers take too much: lets go of them, and of whoever waits.</summary>
    /// <returns>How many bytes they took.</returns>
    public long GiveUp()
    {
        lock (Lock)
        {
            IsTooLarge = !_isClosed;
            _isClosed = true;
            LetGo_NeedsLock();
            _completed.TrySetResult();
            return TakeBytes_NeedsLock();
        }
    }

    /// <summary>Nobody is interested any more.</summary>
    /// <returns>How many bytes its answers took.</returns>
    public long Forget()
    {
        lock (Lock)
        {
            _isClosed = true;
            return TakeBytes_NeedsLock();
        }
    }

    /// <summary>The nodes that still owe an answer.</summary>
    public ImmutableArray<NodeIdentity> Owing
    {
        get
        {
            lock (Lock)
            {
                return [.. _owing.Values];
            }
        }
    }

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
                if (!IsAnswered_NeedsLock(id))
                {
                    _failed.Add(id);
                }
            }

            Closing_NeedsLock(_failed);
            missing = [.. _failed];
            return _isRouted;
        }
    }

    /// <summary>Takes a node's answer.</summary>
    /// <returns>Whether it was its last.</returns>
    protected abstract bool TakeResponse_NeedsLock(string nodeId, Envelope response);

    /// <summary>Whether a failure is that of a single socket, after which the node goes on to answer for others.</summary>
    protected virtual bool IsOfOneSocket(Envelope response) => false;

    /// <summary>Reads what has come, for who asked. Called once.</summary>
    /// <param name="failed">The nodes that are missing; those whose answers cannot be read are added.</param>
    protected virtual void Closing_NeedsLock(List<string> failed)
    {
    }

    /// <summary>Lets go of the answers.</summary>
    protected virtual void LetGo_NeedsLock()
    {
    }

    /// <summary>Whether a node that still owes something has answered enough not to be called missing.</summary>
    protected virtual bool IsAnswered_NeedsLock(string nodeId) => false;

    /// <summary>A node that owed something is gone.</summary>
    protected virtual void Departed_NeedsLock(string nodeId)
    {
    }

    /// <summary>Completes the request if nobody owes anything any more.</summary>
    protected void CompleteIfDone_NeedsLock()
    {
        if (_isRouted && _owing.Count == 0)
        {
            _completed.TrySetResult();
        }
    }

    private long TakeBytes_NeedsLock()
    {
        var bytes = _bytes;
        Volatile.Write(ref _bytes, 0);
        return bytes;
    }
}
