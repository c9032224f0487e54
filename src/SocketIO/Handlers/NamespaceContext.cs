using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO.Hosting;

namespace OrleansRooms.SocketIO.Handlers;

internal sealed class NamespaceContext<THandler> : INamespaceContext<THandler>
    where THandler : SocketIONamespaceHandler
{
    private readonly ISocketIOServer _server;
    private readonly string _name;

    public NamespaceContext(IServiceProvider services, IEnumerable<NamespaceRegistration> registrations)
    {
        var found = registrations.Where(registration => registration.Handler == typeof(THandler))
            .Select(registration => (registration.Server, registration.Name)).Distinct().ToArray();
        if (found.Length != 1)
        {
            throw new InvalidOperationException(found.Length == 0
                ? $"INamespaceContext<{typeof(THandler).Name}> stands for no namespace: call " +
                    $"AddSocketIO().AddNamespace<{typeof(THandler).Name}>(name)."
                : $"INamespaceContext<{typeof(THandler).Name}> cannot stand for " +
                    $"{string.Join(" and ", found.Select(place => place.Name))}: use ISocketIOServer.Of(name).");
        }

        _server = services.GetRequiredKeyedService<ISocketIOServer>(found[0].Server);
        _name = found[0].Name;
    }

    public INamespace Namespace => _server.Of(_name);
}
