using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;

namespace OrleansRooms.Conformance.Tests;

/// <summary>
/// The server that the protocol's own test suite talks to: it greets with <c>auth</c>, sends what comes as <c>message</c> back as
/// <c>message-back</c> and answers <c>message-with-ack</c> with what came, on <c>/</c> and on <c>/custom</c>.
/// </summary>
internal static class SuiteServer
{
    public static void Configure(ISocketIOServer io)
    {
        io.OnConnection(Greet);
        io.Of("/custom").OnConnection(Greet);
    }

    /// <summary>Like <see cref="Configure"/>, without the greeting.</summary>
    public static void ConfigureEcho(ISocketIOServer io) => io.OnConnection(Echo);

    /// <summary>The arguments as they came, to be sent on unchanged.</summary>
    public static object?[] Arguments(this IncomingEvent incoming) =>
        [.. Enumerable.Range(0, incoming.Count).Select(i => (object?)incoming.Get<RawArgument>(i))];

    private static async Task Greet(ISocket socket)
    {
        Echo(socket);
        await socket.EmitAsync("auth", socket.Handshake.Auth);
    }

    private static void Echo(ISocket socket)
    {
        socket.On("message", context => socket.EmitCoreAsync("message-back", context.Arguments()));
        socket.On("message-with-ack", context => context.AckCoreAsync(context.Arguments()));
    }
}
