using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using OrleansRooms.SocketIO.Authorization;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>
/// What a namespace or a parent does with clients: who they are, whether they may enter, what they pass on their way in, who hears of them
/// and what handles their events. Safe to change while clients pass.
/// </summary>
internal sealed class ConnectionPipeline
{
    private static readonly FrozenDictionary<string, ImmutableArray<EventHandlers<EventContext>.Handler>> NoHandlers =
        FrozenDictionary<string, ImmutableArray<EventHandlers<EventContext>.Handler>>.Empty;

    private readonly IServiceProvider _services;
    private readonly string _place;
    private readonly Lock _gate = new();
    private readonly Listeners<Func<ISocket, Task>> _connection;
    private ImmutableArray<Func<ISocket, CancellationToken, ValueTask<ClaimsPrincipal?>>> _authentications = [];
    private ImmutableArray<NamespaceAuthorization> _authorizations = [];
    private ImmutableArray<Func<ISocket, Func<Task>, Task>> _middlewares = [];
    private ImmutableArray<Func<ValueTask>> _startChecks = [];
    private volatile FrozenDictionary<string, ImmutableArray<EventHandlers<EventContext>.Handler>> _handlers = NoHandlers;

    /// <param name="services">The services of the application.</param>
    /// <param name="place">Whose it is, for messages.</param>
    public ConnectionPipeline(IServiceProvider services, string place)
    {
        _services = services;
        _place = place;
        _connection = new Listeners<Func<ISocket, Task>>();
    }

    /// <summary>A pipeline that begins with what another one has now.</summary>
    public ConnectionPipeline(ConnectionPipeline inherited, string place)
    {
        _services = inherited._services;
        _place = place;
        _connection = new Listeners<Func<ISocket, Task>>(inherited._connection);
        _authentications = inherited._authentications;
        _authorizations = inherited._authorizations;
        _middlewares = inherited._middlewares;
        _handlers = inherited._handlers;
    }

    /// <summary>Those that hear of new sockets.</summary>
    public ImmutableArray<Listeners<Func<ISocket, Task>>.Entry> ConnectionListeners => _connection.Current;

    /// <summary>How many middlewares a client passes on its way in.</summary>
    public int Middlewares => _middlewares.Length;

    /// <summary>How many things find out who clients are or keep some out.</summary>
    public int Gates => _authentications.Length + _authorizations.Length;

    public IDisposable OnConnection(Func<ISocket, Task> listener) => _connection.Add(listener);

    public IDisposable OnConnection(Func<ISocket, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket => listener(socket).AsTask());
    }

    public IDisposable OnConnection(Action<ISocket> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket =>
        {
            listener(socket);
            return Task.CompletedTask;
        });
    }

    public void Use(Func<ISocket, Func<Task>, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ImmutableInterlocked.Update(ref _middlewares, (list, added) => list.Add(added), middleware);
    }

    public void Authenticate(Func<ISocket, CancellationToken, ValueTask<ClaimsPrincipal?>> authenticate)
    {
        ArgumentNullException.ThrowIfNull(authenticate);
        ImmutableInterlocked.Update(ref _authentications, (list, added) => list.Add(added), authenticate);
    }

    public void RequireAuthorization(IReadOnlyList<IAuthorizeData> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireAuthorization(_place, data.Count == 0 ? [new AuthorizeAttribute()] : data, []);
    }

    public void RequireAuthorization(AuthorizationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        RequireAuthorization(_place, [], [policy]);
    }

    public void RequireAuthorization(string place, IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> policies) =>
        ImmutableInterlocked.Update(ref _authorizations, (list, added) => list.Add(added), CreateAuthorization(place, data, policies));

    /// <summary>A demand that is checked when the server starts.</summary>
    public NamespaceAuthorization CreateAuthorization(
        string place, IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> policies)
    {
        var authorization = new NamespaceAuthorization(_services, place, data, policies);
        AddStartCheck(authorization.CheckAsync);
        return authorization;
    }

    /// <summary>Adds handlers that all sockets share.</summary>
    public void Handle(IReadOnlyList<KeyValuePair<string, Func<EventContext, ValueTask>>> handlers)
    {
        lock (_gate)
        {
            var all = _handlers.ToDictionary(StringComparer.Ordinal);
            foreach (var (eventName, handle) in handlers)
            {
                all[eventName] = (all.TryGetValue(eventName, out var others) ? others : [])
                    .Add(new EventHandlers<EventContext>.Handler(handle, isOnce: false));
            }

            _handlers = all.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>The handlers of an event that all sockets share.</summary>
    public ImmutableArray<EventHandlers<EventContext>.Handler> HandlersOf(string eventName) =>
        _handlers.TryGetValue(eventName, out var handlers) ? handlers : [];

    /// <summary>Adds something that has to be in order before the server starts.</summary>
    public void AddStartCheck(Func<ValueTask> check) =>
        ImmutableInterlocked.Update(ref _startChecks, (list, added) => list.Add(added), check);

    /// <summary>Finds out whether all is in order.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says what to change.</exception>
    public async ValueTask CheckAsync()
    {
        foreach (var check in _startChecks)
        {
            await check();
        }
    }

    /// <summary>Takes a socket through the middlewares, one after the other.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="first">Which it passes first; it has passed those before.</param>
    /// <returns>Whether the last middleware let it go on.</returns>
    public async Task<bool> RunAsync(Socket socket, int first)
    {
        var middlewares = _middlewares;
        var isAccepted = false;
        await RunFromAsync(first);
        return isAccepted;

        Task RunFromAsync(int index)
        {
            if (index < middlewares.Length)
            {
                return middlewares[index](socket, () => RunFromAsync(index + 1));
            }

            isAccepted = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>Finds out who the client is and whether it may enter.</summary>
    /// <returns>Always <see langword="true"/>.</returns>
    /// <exception cref="ConnectErrorException">It may not.</exception>
    public async Task<bool> AdmitAsync(Socket socket)
    {
        foreach (var authenticate in _authentications)
        {
            if (await authenticate(socket, socket.Disconnected) is { } user)
            {
                socket.User = user;
            }
        }

        foreach (var authorization in _authorizations)
        {
            socket.User = await authorization.AuthorizeAsync(socket) ?? throw new ConnectErrorException(Refusals.Unauthorized);
        }

        return true;
    }
}
