using System.Collections.Concurrent;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>Decides which namespaces may come into being, and speaks to those that have.</summary>
internal sealed class ParentNamespace : PipelineOwner, IParentNamespace, IBroadcaster
{
    private readonly SocketIOServer _server;
    private readonly Func<NamespaceRequest, CancellationToken, ValueTask<bool>> _matches;
    private readonly ConcurrentDictionary<string, Namespace> _children = new(StringComparer.Ordinal);
    private int _placesTaken;
    private bool _isRefusing;

    public ParentNamespace(
        SocketIOServer server, Func<NamespaceRequest, CancellationToken, ValueTask<bool>> matches, Func<string, bool>? matchesName = null)
    {
        _server = server;
        Children = new LiveView<INamespace>(() => [.. _children.Values]);
        _matches = matches;
        Pipeline = new ConnectionPipeline(server.ApplicationServices, "A parent of dynamic namespaces");
        MatchesName = matchesName ?? (_ => false);
    }

    public override IServiceProvider ApplicationServices => _server.ApplicationServices;

    public override HandlerBinder Binder => _server.Binder;

    public IReadOnlyCollection<INamespace> Children { get; }

    /// <summary>What children begin with.</summary>
    public override ConnectionPipeline Pipeline { get; }

    /// <summary>Whether the name alone says that a namespace belongs here.</summary>
    public Func<string, bool> MatchesName { get; }

    protected override IBroadcaster Broadcaster => this;

    /// <summary>Asks the application whether a client may have the namespace that it wants.</summary>
    public ValueTask<bool> MatchesAsync(NamespaceRequest request, CancellationToken cancellationToken) =>
        _matches(request, cancellationToken);

    /// <summary>A child is open.</summary>
    public void Add(Namespace child) => _children[child.Name] = child;

    /// <summary>A child that a client had made is gone.</summary>
    public void Remove(Namespace child)
    {
        _children.TryRemove(new KeyValuePair<string, Namespace>(child.Name, child));
        GiveBackPlace();
    }

    /// <summary>Takes a place for one more child that a client wants.</summary>
    /// <param name="isFirstRefusal">Whether it is the first for which there is none since half of the places were free.</param>
    public bool TryTakePlace(out bool isFirstRefusal)
    {
        isFirstRefusal = false;
        if (Interlocked.Increment(ref _placesTaken) <= _server.Options.MaxChildNamespaces)
        {
            return true;
        }

        Interlocked.Decrement(ref _placesTaken);
        isFirstRefusal = !Interlocked.Exchange(ref _isRefusing, true);
        return false;
    }

    /// <summary>Gives back what <see cref="TryTakePlace"/> took.</summary>
    public void GiveBackPlace()
    {
        if (Interlocked.Decrement(ref _placesTaken) <= _server.Options.MaxChildNamespaces / 2)
        {
            System.Threading.Volatile.Write(ref _isRefusing, false);
        }
    }

    public ValueTask EmitAsync(string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        List<Task>? unfinished = null;
        foreach (var (_, child) in _children)
        {
            var emitted = child.EmitAsync(eventName, args, options, cancellationToken);
            if (!emitted.IsCompletedSuccessfully)
            {
                (unfinished ??= []).Add(emitted.AsTask());
            }
        }

        return unfinished is null ? default : new ValueTask(Task.WhenAll(unfinished));
    }

    public Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken) => throw NotSupported();

    public IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken) => throw NotSupported();

    public Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken) =>
        throw NotSupported();

    public ValueTask SocketsJoinAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken) =>
        throw NotSupported();

    public ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken) =>
        throw NotSupported();

    public ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken) =>
        throw NotSupported();

    private static NotSupportedException NotSupported() => new("A parent namespace can only emit; for the rest use its Children.");
}
