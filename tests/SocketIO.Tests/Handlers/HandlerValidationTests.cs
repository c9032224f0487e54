using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansRooms.SocketIO.Tests.Hosting;

namespace OrleansRooms.SocketIO.Tests.Handlers;

/// <summary>What a handler class cannot do is said when the server is made, in a sentence that says what to change.</summary>
public sealed class HandlerValidationTests
{
    [Fact]
    public async Task PrivateMethod() => await RefusedAsync<Private>("has to be public and not generic");

    [Fact]
    public async Task GenericMethod() => await RefusedAsync<Generic>("has to be public and not generic");

    [Fact]
    public async Task ReservedName() => await RefusedAsync<Reserved>("handles \"disconnect\", which no client can emit");

    [Fact]
    public async Task SameEventTwice() => await RefusedAsync<Twice>("handles \"e\", as ");

    [Fact]
    public async Task ParameterByReference() => await RefusedAsync<ByReference>("by reference or of variable number");

    [Fact]
    public async Task VariableNumberOfParameters() => await RefusedAsync<Variable>("by reference or of variable number");

    [Fact]
    public async Task AsyncVoid() => await RefusedAsync<AsyncVoidReturn>("is async void, so nobody would see it fail: return a Task");

    [Fact]
    public async Task Stream() => await RefusedAsync<Streaming>("returns a stream, and an answer is one value");

    [Fact]
    public async Task StreamOfATask() => await RefusedAsync<StreamingLater>("returns a stream, and an answer is one value");

    [Fact]
    public async Task Tuple() => await RefusedAsync<Pair>("returns a tuple, which JSON writes as {}");

    [Fact]
    public async Task MissingService() => await RefusedAsync<Needy>("needs a System.Uri, which is not among the services");

    [Fact]
    public async Task SeveralConstructors() => await RefusedAsync<Ambiguous>("cannot be made: give it one public constructor");

    [Fact]
    public async Task MissingMiddlewareService()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => KestrelServer.StartAsync(builder =>
            builder.Services.AddSocketIO().AddNamespace("/x", ns => ns.Use<NeedyMiddleware>())));

        Assert.Contains("needs a System.Uri, which is not among the services", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_WithoutItsServices() =>
        await RefusedAsync<Protected>("requires authorization: call builder.Services.AddAuthorization()");

    [Fact]
    public async Task Authorize_UnknownPolicy() => await RefusedAsync<Protected>(
        "requires a policy that is not there", builder => builder.Services.AddAuthorization());

    [Fact]
    public async Task Authorize_UnknownPolicyOfAMethod() => await RefusedAsync<ProtectedMethod>(
        "ProtectedMethod.E requires a policy that is not there", builder => builder.Services.AddAuthorization());

    [Fact]
    public async Task Authorize_UnknownScheme() => await RefusedAsync<ForAScheme>(
        "is for users of the authentication scheme \"Nowhere\", which is not there", builder => builder.Services.AddAuthorization());

    [Fact]
    public async Task Authorize_OfAParent_IsCheckedToo()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => KestrelServer.StartAsync(
            use: io => io.Of((_, _) => ValueTask.FromResult(true)).RequireAuthorization()));

        Assert.Contains("A parent of dynamic namespaces requires authorization", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "needs a default authentication scheme")]
    [InlineData("Bearer", "needs the authentication scheme \"Bearer\"")]
    public async Task AuthenticateWithToken_WithoutAScheme(string? scheme, string sentence)
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => KestrelServer.StartAsync(use: io => io.AuthenticateWithToken(scheme: scheme)));

        Assert.Contains(sentence, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamespaceContext_IsTheNamespaceOfTheClass()
    {
        await using var server = await KestrelServer.StartAsync(builder => builder.Services.AddSocketIO()
            .AddNamespace<Fine>("fine").AddNamespace<Shared>("/a").AddNamespace<Shared>("/b"));
        var services = server.App.Services;

        Assert.Same(server.Io.Of("/fine"), services.GetRequiredService<INamespaceContext<Fine>>().Namespace);
        Assert.Contains(
            "cannot stand for /a and /b",
            Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<INamespaceContext<Shared>>()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "call AddSocketIO().AddNamespace<Private>(name)",
            Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<INamespaceContext<Private>>()).Message,
            StringComparison.Ordinal);
    }

    private static async Task RefusedAsync<THandler>(string sentence, Action<WebApplicationBuilder>? build = null)
        where THandler : SocketIONamespaceHandler
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => KestrelServer.StartAsync(builder =>
        {
            build?.Invoke(builder);
            builder.Services.AddSocketIO().AddNamespace<THandler>("/x");
        }));

        Assert.Contains(sentence, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(THandler).Name, thrown.Message, StringComparison.Ordinal);
    }

#pragma warning disable CA1822, CA1801, IDE0051, IDE0060 // The classes are here for their mistakes.
    private sealed class Fine : SocketIONamespaceHandler;

    private sealed class Shared : SocketIONamespaceHandler;

    private sealed class Private : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        private void E()
        {
        }
    }

    private sealed class Generic : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public void E<T>(T value)
        {
        }
    }

    private sealed class Reserved : SocketIONamespaceHandler
    {
        [SocketEvent("disconnect")]
        public void E()
        {
        }
    }

    private sealed class Twice : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public void E()
        {
        }

        [SocketEvent("e")]
        public void F()
        {
        }
    }

    private sealed class ByReference : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public void E(in int value)
        {
        }
    }

    private sealed class Variable : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public void E(params string[] values)
        {
        }
    }

    private sealed class AsyncVoidReturn : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public async void E() => await Task.Yield();
    }

    private sealed class Streaming : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public IAsyncEnumerable<int> E() => AsyncEnumerable.Empty<int>();
    }

    private sealed class StreamingLater : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public Task<IAsyncEnumerable<int>> E() => Task.FromResult(AsyncEnumerable.Empty<int>());
    }

    private sealed class Pair : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public ValueTask<(int Left, int Right)> E() => new((1, 2));
    }

    private sealed class Needy(Uri uri) : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        public string E() => uri.Host;
    }

    private sealed class NeedyMiddleware(Uri uri) : IConnectionMiddleware
    {
        public Task InvokeAsync(ISocket socket, Func<Task> next) => uri.IsFile ? Task.CompletedTask : next();
    }

    private sealed class Ambiguous : SocketIONamespaceHandler
    {
        public Ambiguous()
        {
        }

        public Ambiguous(ISocketIOServer server)
        {
        }
    }

    [Authorize("nobody knows")]
    private sealed class Protected : SocketIONamespaceHandler;

    private sealed class ProtectedMethod : SocketIONamespaceHandler
    {
        [SocketEvent("e")]
        [Authorize("nobody knows")]
        public void E()
        {
        }
    }

    [Authorize(AuthenticationSchemes = "Nowhere")]
    private sealed class ForAScheme : SocketIONamespaceHandler;
#pragma warning restore CA1822, CA1801, IDE0051, IDE0060
}
