using System.Text.RegularExpressions;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO;

namespace OrleansRooms.ProbeNode;

/// <summary>
/// What a client may ask for: to be in rooms, and to have something sent to a room. Every server that is compared offers the same.
/// </summary>
internal static partial class ProbeApp
{
    /// <summary>Adds what only hostile clients ask for.</summary>
    public static void Prepare(ISocketIOServer io) =>
        io.Of(AskedFor()).Use(static (_, _) => throw new ConnectErrorException("Nobody is let in here."));

    public static void Listen(ISocketIOServer io, ISocket socket)
    {
        socket.On("join", async (EventContext e) =>
        {
            await socket.JoinAsync(e.Get<string>(0)!);
            await e.AckAsync();
        });
        socket.On("leave", async (EventContext e) =>
        {
            await socket.LeaveAsync(e.Get<string>(0)!);
            await e.AckAsync();
        });
        socket.On(
            "pub", (string room, RawArgument timestamp, RawArgument payload) => io.To(room).EmitAsync("msg", timestamp, payload));
        socket.On(
            "hold", static (string payload, CancellationToken gone) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone));
    }

    [GeneratedRegex("^/asked-")]
    private static partial Regex AskedFor();
}
