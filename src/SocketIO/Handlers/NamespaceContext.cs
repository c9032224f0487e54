using OrleansRooms.SocketIO.Hosting;

namespace OrleansRooms.SocketIO.Handlers;

internal sealed class NamespaceContext<THandler> : INamespaceContext<THandler>
    where THandler : SocketIONamespaceHandler
{
    private readonly ISocketIOServer _server;
    private readonly string _name;

    public NamespaceContext(ISocketIOServer server, IEnumerable<NamespaceRegistration> registrations)
    {
        string[] names = [.. registrations.Where(registration => registration.Handler == typeof(THandler)).Select(registration => registration.Name).Distinct()];
        if (names.Length != 1)
        {
            throw new InvalidOperationException(names.Length == 0
                ? $"INamespaceContext<{typeof(THandler).Name}> stands for no namespace: call AddSocketIO().AddNamespace<{typeof(THandler).Name}>(name)."
                : $"INamespaceContext<{typeof(THandler).Name}> cannot stand for {string.Join(" and ", names)}: use ISocketIOServer.Of(name).");
        }

        _server = server;
        _name = names[0];
    }

    public INamespace Namespace => _server.Of(_name);
}
