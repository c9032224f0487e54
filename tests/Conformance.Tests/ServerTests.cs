using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using OrleansRooms.SocketIO;
using OrleansRooms.TestKit.Hosting;
using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests;

/// <summary>
/// Tests against a server on a real port. A test carries the number of the behaviour in spec/acceptance.md that it shows as the trait
/// <c>Behaviour</c>. Whatever a client does, the server has nothing to log as an error, and every test checks that at its end.
/// </summary>
public abstract class ServerTests(JsClientsFixture js) : IClassFixture<JsClientsFixture>, IAsyncLifetime
{
    /// <summary>The transports by the option that selects them; <c>upgrade</c> is the client's default.</summary>
    public static TheoryData<string> Transports => ["polling", "websocket", "upgrade"];

    /// <summary>The two transports without the change between them.</summary>
    public static TheoryData<string> PlainTransports => ["polling", "websocket"];

    private readonly List<SocketIOTestServer> _servers = [];

    protected JsClients Js => js.Clients;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.StopSoonAsync();
            Assert.Empty(server.Errors);
            await server.DisposeAsync();
        }
    }

    protected async Task<SocketIOTestServer> StartAsync(
        Action<ISocketIOServer>? io = null,
        Action<SocketIOOptions>? options = null,
        Action<WebApplicationBuilder>? builder = null,
        Action<WebApplication>? app = null,
        string pattern = "/socket.io",
        Action<IEndpointConventionBuilder>? endpoint = null)
    {
        var server = await SocketIOTestServer.StartAsync(io, options, builder, app, pattern, endpoint);
        _servers.Add(server);
        return server;
    }

    /// <summary>The client options for one of <see cref="Transports"/>.</summary>
    protected static object Options(string transport) =>
        transport == "upgrade" ? new { } : new { transports = new[] { transport } };

    protected static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
