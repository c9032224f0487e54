namespace OrleansRooms.SocketIO;

/// <summary>
/// The parent of namespaces that are made when the first client asks for them (Socket.IO documentation, "Dynamic namespaces"). Its
/// children get the middlewares and listeners that it has when they are made. Emitting to it reaches the clients of all children that
/// exist on this server; whatever else a namespace can do throws <see cref="NotSupportedException"/>.
/// </summary>
/// <example>
/// <code>
/// var tenants = io.Of(new Regex(@"^/tenant-\d+$"));
/// tenants.Use(async (socket, next) =>
/// {
///     if (!await MayEnter(socket.User, socket.Namespace.Name))
///     {
///         throw new ConnectErrorException("not your tenant");
///     }
///
///     await next();
/// });
/// tenants.OnConnection(socket => socket.Namespace.EmitAsync("joined", socket.Id));
/// </code>
/// </example>
public interface IParentNamespace : IBroadcastOperator, IConnectionPipeline
{
    /// <summary>The children that exist now.</summary>
    IReadOnlyCollection<INamespace> Children { get; }
}
