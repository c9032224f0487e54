using Microsoft.Extensions.DependencyInjection;

namespace OrleansRooms.SocketIO.Hosting;

internal sealed class SocketIOBuilder(IServiceCollection services) : ISocketIOBuilder
{
    public IServiceCollection Services { get; } = services;
}
