namespace OrleansRooms.Samples.Chat;

/// <summary>The silo: it owns who is in which room and carries packets between the nodes. Users never connect to it.</summary>
internal static class ChatSilo
{
    public static IHost Create(ChatSettings settings)
    {
        ChatPorts.ThrowIfTaken(settings.SiloPort, "--silo-port");
        ChatPorts.ThrowIfTaken(settings.GatewayPort, "--gateway-port");

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(settings.SiloPort, settings.GatewayPort)
            .AddRooms());

        var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
            () => Console.WriteLine($"{"silo",-12} localhost:{settings.GatewayPort}"));
        return host;
    }
}
