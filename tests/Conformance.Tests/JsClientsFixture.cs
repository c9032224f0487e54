using OrleansRooms.TestKit.JavaScript;

namespace OrleansRooms.Conformance.Tests;

/// <summary>One process of JavaScript clients for the tests of a class, started when the first of them asks.</summary>
public sealed class JsClientsFixture : IAsyncLifetime
{
    private readonly Lazy<JsClients> _clients = new(JsClients.Start);

    public JsClients Clients => _clients.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_clients.IsValueCreated)
        {
            await _clients.Value.DisposeAsync();
        }
    }
}
