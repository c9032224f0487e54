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

    private readonly ConcurrentDictionary<string, Namespace> _namespaces = new(StringComparer.Ordinal);
    private readonly SocketIOServer _server;
    private readonly Action<Namespace> _onCreated;
    private readonly ILogger _logger;
    private ImmutableArray<ParentNamespace> _parents = [];

    /// <param name="server">The server.</param>
    /// <param name="onCreated">Told of every namespace that is open, once, before any client can be in it.</param>
    public NamespaceTable(SocketIOServer server, Action<Namespace> onCreated)
    {
        _server = server;
        _onCreated = onCreated;
        _logger = server.NamespaceLogger;
    }

    /// <summary>The open namespaces as they are now.</summary>
    public IReadOnlyCollection<Namespace> All => [.. _namespaces.Values.Where(ns => ns.IsOpen)];

    /// <summary>What clients pass, everywhere.</summary>
    public IEnumerable<ConnectionPipeline> Pipelines =>
        All.Select(ns => ns.Pipeline).Concat(_parents.Select(parent => parent.Pipeline));

    /// <summary>The namespace of exactly that name, if there is one.</summary>
    public Namespace? Find(string name) => _namespaces.GetValueOrDefault(name);

    /// <summary>Whether a namespace that is not there might still be made.</summary>
    public bool MayCreate(string name) => !_parents.IsEmpty && name.Length <= MaxDynamicNameLength;

    /// <summary>The namespace of that name, made and opened if need be; below the first parent whose pattern it matches.</summary>
    public Namespace GetOrAdd(string name)
    {
        while (true)
        {
            var found = Find(name);
            var ns = found ?? Add(new Namespace(_server, name, _parents.FirstOrDefault(parent => parent.MatchesName(name))));
            if (ns.TryOpenForCode(isMade: found is null))
            {
                return ns;
            }
        }
    }

    /// <summary>Finds the parent that agrees to the namespace which a client wants.</summary>
    /// <param name="request">What the client says.</param>
    /// <param name="mayLog">Whether a failure may be logged.</param>
    /// <param name="cancellationToken">Ends the wait for the application.</param>
    public async ValueTask<ParentNamespace?> FindParentAsync(
        NamespaceRequest request, Func<bool> mayLog, CancellationToken cancellationToken)
    {
        foreach (var parent in _parents)
        {
            try
            {
                if (await parent.MatchesAsync(request, cancellationToken))
                {
                    return parent;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (mayLog())
                {
                    Log.MatcherFailed(_logger, exception, request.Name);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The namespace that a client wants, made if need be. It opens when a client is let in, and goes when the last that asked for it has
    /// been refused.
    /// </summary>
    /// <exception cref="ConnectErrorException">The parent has as many as it may.</exception>
    public Namespace GetOrAddChild(string name, ParentNamespace parent)
    {
        if (!parent.TryTakePlace(out var isFirstRefusal))
        {
            _server.Metrics.ConnectRefused(nameof(SocketIOOptions.MaxChildNamespaces));
            if (isFirstRefusal)
            {
                Log.TooManyChildNamespaces(_logger, name, _server.Options.MaxChildNamespaces);
            }

            throw new ConnectErrorException("Too many namespaces");
        }

        var child = new Namespace(_server, name, parent);
        var ns = Add(child);
        if (!ReferenceEquals(ns, child))
        {
            parent.GiveBackPlace();
        }

        return ns;
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
        // Before its name is free, so that whoever finds it so finds a place too.
        ns.Parent?.Remove(ns);
        _namespaces.TryRemove(new KeyValuePair<string, Namespace>(ns.Name, ns));
    }

    /// <summary>A namespace has its adapter.</summary>
    public void OnOpened(Namespace ns)
    {
        ns.Parent?.Add(ns);
        _onCreated(ns);
    }

    private ParentNamespace Add(ParentNamespace parent)
    {
        ImmutableInterlocked.Update(ref _parents, (list, added) => list.Add(added), parent);
        return parent;
    }

    private Namespace Add(Namespace ns) => _namespaces.GetOrAdd(ns.Name, ns);
}
