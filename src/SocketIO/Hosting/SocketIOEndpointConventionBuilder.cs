using Microsoft.AspNetCore.Builder;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>The endpoint of a Socket.IO server, and the server.</summary>
public sealed class SocketIOEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _endpoint;

    internal SocketIOEndpointConventionBuilder(IEndpointConventionBuilder endpoint, ISocketIOServer server)
    {
        _endpoint = endpoint;
        Server = server;
    }

    /// <summary>The server, <c>io</c> in Socket.IO's documentation; the same that can be injected.</summary>
    public ISocketIOServer Server { get; }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _endpoint.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _endpoint.Finally(finallyConvention);
}
