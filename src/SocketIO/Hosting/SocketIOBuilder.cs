using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Hosting;

internal sealed class SocketIOBuilder(IServiceCollection services, string? name) : ISocketIOBuilder
{
    public string? Name { get; } = name;

    public IServiceCollection Services { get; } = services;
}
