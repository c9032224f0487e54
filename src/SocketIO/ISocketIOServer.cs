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
    /// <example><code>io.Of("/admin").OnConnection(socket => { });</code></example>
    INamespace Of(string name);

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
