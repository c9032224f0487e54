using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Hosting;

/// <summary>Adds to a Socket.IO server what it can do without: adapters, parsers, namespaces. Returned by <c>AddSocketIO()</c>.</summary>
public interface ISocketIOBuilder
{
    /// <summary>The name of the server, which is the key of its services; <see langword="null"/> for the one without a name.</summary>
    string? Name { get; }

    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
