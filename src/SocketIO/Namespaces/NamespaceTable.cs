using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>The namespaces of one server, and the parents that may make more of them.</summary>
internal sealed partial class NamespaceTable
{
    // Patterns and predicates see no longer names, whatever the transport lets through.
    private const int MaxDynamicNameLength = 1024;

    private readonly ConcurrentDictionary<string, Lazy<Namespace>> _namespaces = new(StringComparer.Ordinal);
    private readonly SocketIOServer _server;
    private readonly Action<Namespace> _onCreated;
    private readonly ILogger _logger;
    private ImmutableArray<ParentNamespace> _parents = [];

    /// <param name="server">The server.</param>
    /// <param name="onCreated">Told of every namespace, once, before any client can be in it.</param>
    public NamespaceTable(SocketIOServer server, Action<Namespace> onCreated)
    {
        _server = server;
        _onCreated = onCreated;
        _logger = server.NamespaceLogger;
    }

    /// <summary>The namespaces as they are now.</summary>
    public IReadOnlyCollection<Namespace> All => [.. _namespaces.Values.Select(ns => ns.Value)];

    /// <summary>What clients pass, everywhere.</summary>
    public IEnumerable<ConnectionPipeline> Pipelines =>
        All.Select(ns => ns.Pipeline).Concat(_parents.Select(parent => parent.Pipeline));

    /// <summary>The namespace of exactly that name, if there is one.</summary>
    public Namespace? Find(string name) => _namespaces.TryGetValue(name, out var found) ? found.Value : null;

    /// <summary>Whether a namespace that is not there might still be made.</summary>
    public bool MayCreate(string name) => !_parents.IsEmpty && name.Length <= MaxDynamicNameLength;

    /// <summary>The namespace of that name, made if need be; below the first parent whose pattern it matches.</summary>
    public Namespace GetOrAdd(string name) => GetOrAdd(name, _parents.FirstOrDefault(parent => parent.MatchesName(name)));

    /// <summary>Makes the namespace that a client wants, if a parent agrees.</summary>
    public async ValueTask<Namespace?> CreateAsync(NamespaceRequest request, CancellationToken cancellationToken)
    {
        foreach (var parent in _parents)
        {
            try
            {
                if (await parent.MatchesAsync(request, cancellationToken))
                {
                    return GetOrAdd(request.Name, parent);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.MatcherFailed(_logger, exception, request.Name);
            }
        }

        return null;
    }

    /// <summary>Adds a parent for all names that match a pattern.</summary>
    public ParentNamespace AddParent(Regex pattern) =>
        Add(new ParentNamespace(_server, (request, _) => ValueTask.FromResult(pattern.IsMatch(request.Name)), pattern.IsMatch));

    /// <summary>Adds a parent for all names of which a predicate says so.</summary>
    public ParentNamespace AddParent(Func<NamespaceRequest, CancellationToken, ValueTask<bool>> predicate) =>
        Add(new ParentNamespace(_server, predicate));

    /// <summary>Forgets a namespace; whoever asks for its name gets a new one.</summary>
    public void Remove(Namespace ns)
    {
        if (_namespaces.TryGetValue(ns.Name, out var found) && found.IsValueCreated && ReferenceEquals(found.Value, ns))
        {
            _namespaces.TryRemove(new KeyValuePair<string, Lazy<Namespace>>(ns.Name, found));
        }

        ns.Parent?.Remove(ns);
    }

    private ParentNamespace Add(ParentNamespace parent)
    {
        ImmutableInterlocked.Update(ref _parents, (list, added) => list.Add(added), parent);
        return parent;
    }

    private Namespace GetOrAdd(string name, ParentNamespace? parent)
    {
        if (_namespaces.TryGetValue(name, out var found))
        {
            return found.Value;
        }

        var created = new Lazy<Namespace>(() => new Namespace(_server, name, parent));
        var current = _namespaces.GetOrAdd(name, created);
        Namespace ns;
        try
        {
            ns = current.Value;
        }
        catch
        {
            // The adapter's factory failed: the next who asks may have more luck.
            _namespaces.TryRemove(new KeyValuePair<string, Lazy<Namespace>>(name, current));
            throw;
        }

        if (ReferenceEquals(current, created))
        {
            parent?.Add(ns);
            _onCreated(ns);
        }

        return ns;
    }
}
