using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>Adds to a Socket.IO server what it can do without: adapters, parsers, namespaces. Returned by <c>AddSocketIO()</c>.</summary>
public interface ISocketIOBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
