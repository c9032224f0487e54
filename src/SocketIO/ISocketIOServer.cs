using System.Text.RegularExpressions;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>
/// The Socket.IO server, <c>io</c> in Socket.IO's documentation. It is its own main namespace <c>/</c>: listeners, middlewares and
/// emits on it concern the sockets there.
/// </summary>
/// <remarks>Can be injected anywhere; there is one per <c>AddSocketIO()</c>.</remarks>
public interface ISocketIOServer : INamespace
{
    /// <summary>The Engine.IO server below: its clients, its refusals and the headers of its responses.</summary>
    EngineIOServer Engine { get; }

    /// <summary>
    /// The namespace of that name, created if need be; clients may connect to it from then on. A missing leading slash is added.
    /// </summary>
    /// <exception cref="ArgumentException">The name has a comma, with which names end in packets: no client could name it.</exception>
    /// <example><code>io.Of("/admin").OnConnection(socket => { });</code></example>
    INamespace Of(string name);

    /// <summary>
    /// A parent for all namespaces whose names match a pattern. They are made when clients ask for them; parents are asked in the order of
    /// their registration, and namespaces that exist come first.
    /// </summary>
    /// <remarks>
    /// The pattern sees what clients send: anchor it, and give it a time limit if it can backtrack. Who may enter is a matter for
    /// middlewares; the pattern is not consulted any more once the namespace exists.
    /// </remarks>
    /// <example><code>io.Of(new Regex(@"^/room-\d+$")).OnConnection(socket => { });</code></example>
    IParentNamespace Of(Regex pattern);

    /// <summary>
    /// A parent for all namespaces of which a predicate says so when the first client asks for them; see <see cref="Of(Regex)"/>. An
    /// exception counts as no.
    /// </summary>
    /// <example>
    /// <code>io.Of(async (request, cancellationToken) => await tenants.ExistsAsync(request.Name, cancellationToken));</code>
    /// </example>
    IParentNamespace Of(Func<NamespaceRequest, CancellationToken, ValueTask<bool>> predicate);

    /// <summary>The namespaces of this server, the main one included.</summary>
    IReadOnlyCollection<INamespace> Namespaces { get; }

    /// <summary>
    /// A namespace other than <c>/</c> was created (<c>new_namespace</c>). Called on the thread that creates it, before clients get in.
    /// </summary>
    event Action<INamespace>? NamespaceCreated;

    /// <summary>
    /// Disconnects all sockets with <see cref="DisconnectReason.ServerShuttingDown"/>, closes the adapters and all connections, and accepts
    /// no more. The host does this by itself when it stops. Clients see <c>transport close</c> and try to reconnect.
    /// </summary>
    Task CloseAsync(CancellationToken cancellationToken = default);
}
