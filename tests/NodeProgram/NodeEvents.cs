using System.Text.RegularExpressions;
using Orleans.Runtime;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.SocketIO;

namespace OrleansRooms.NodeProgram;

/// <summary>
/// What clients may ask a node. Every event but <c>relay</c> is answered: with <c>{ value }</c>, or with <c>{ error, missing }</c> when
/// there was no whole answer.
/// </summary>
/// <remarks>
/// Besides, members of a room are told its size as <c>size (room, sockets)</c> whenever it changes, and everybody of this node hears what
/// other nodes say on the server side as <c>heard (node)</c>. Whoever says <c>hold</c> keeps a handler and its event until somebody says
/// <c>let go</c>; nobody is let into namespaces that begin with <c>/refused-</c>.
/// </remarks>
internal static class NodeEvents
{
    public static void Register(ISocketIOServer io, string name, IGrainFactory? grains)
    {
        var held = 0;
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        io.Of(new Regex("^/refused-")).Use((_, _) => throw new ConnectErrorException("no"));
        var longNames = new LongNames();
        // A client that is told so many long names at once would be one that does not keep up.
        io.OnRoomSizeChanged(size => size.Room.Length < 1000 ? io.Local.To(size.Room).EmitAsync("size", size.Room, size.Sockets) : default);
        io.OnServerEvent("who", async context =>
        {
            await io.Local.EmitAsync("heard", context.Get<string>(0));
            await context.AckAsync(name);
        });
        io.OnConnection(socket =>
        {
            On("join", async c => { await socket.JoinAsync(c.Get<string[]>(0)!); return null; });
            On("leave", async c => { await socket.LeaveAsync(c.Get<string>(0)!); return null; });
            On("joinLong", async c => { await socket.JoinAsync(Names(c)); return null; });
            On("leaveLong", async c => { await Task.WhenAll(Names(c).Select(room => socket.LeaveAsync(room).AsTask())); return null; });
            On("owner", async c => await OwnerAsync(c.Get<string>(0)!));
            On(
                "knownLong",
                async c => (await Task.WhenAll(Names(c).Select(room => io.IsInRoomAsync(room, socket.Id).AsTask()))).Count(isIn => isIn));
            On("say", async c => { await Say(c.Get<string>(0)!, c.Get<string>(1)!, c.Get<int>(2)); return null; });
            // (room, text), and nobody is answered.
            socket.On("relay", c => io.To(c.Get<string>(0)!).EmitAsync("relayed", c.Get<string>(0), c.Get<string>(1)));
            On("carry", c => { socket.Data.Set("load", new string('x', c.Get<int>(0))); return Task.FromResult<object?>(null); });
            On("size", async c => await io.RoomSizeAsync(c.Get<string>(0)!));
            On("here", _ => Task.FromResult<object?>(io.Sockets.Count));
            On("count", async _ => await io.SocketCountAsync());
            On("servers", async _ => await io.ServerCountAsync());
            On("fetch", async c => (await Selected(c).FetchSocketsAsync()).Select(found => found.Id).ToArray());
            On("vote", async c => await Selected(c).EmitWithAckAsync<string>("vote"));
            On("heap", _ => Task.FromResult<object?>(GC.GetTotalMemory(forceFullCollection: true)));
            On("namespaces", _ => Task.FromResult<object?>(io.Namespaces.Count));
            On("held", _ => Task.FromResult<object?>(Volatile.Read(ref held)));
            On("let go", _ => { letGo.TrySetResult(); return Task.FromResult<object?>(null); });
            socket.On("hold", async (EventContext _) => { Interlocked.Increment(ref held); await letGo.Task; });
            On("who", async c => await io.ServerSideEmitWithAckCoreAsync<string>("who", [name], Milliseconds(c.Get<int>(0))));

            void On(string eventName, Func<EventContext, Task<object?>> ask) => socket.On(eventName, context => AnswerAsync(context, ask));
        });

        // The port of the silo in which a room's owner lives.
        async Task<int> OwnerAsync(string room) => (await grains!.GetGrain<IManagementGrain>(0)
            .GetActivationAddress(grains.GetGrain<IRoomShardGrain>(RoomShardKey.Of("default", "/", room).ToGrainKey())))!.Endpoint.Port;

        // (room, how many, bytes): rooms with long names that have the same owner as the room.
        string[] Names(EventContext context) => longNames.Of(context.Get<string>(0)!, context.Get<int>(1), context.Get<int>(2));

        // Several in a row, so that there is an order to get wrong.
        async Task Say(string room, string text, int times)
        {
            for (var i = 1; i <= times; i++)
            {
                await io.To(room).EmitAsync("said", name, times == 1 ? text : $"{text} {i}", room);
            }
        }

        // (room, milliseconds)
        ITimedBroadcastOperator Selected(EventContext context) => io.In(context.Get<string>(0)!).Timeout(Milliseconds(context.Get<int>(1)));
    }

    private static async Task AnswerAsync(EventContext context, Func<EventContext, Task<object?>> ask)
    {
        object answer;
        try
        {
            answer = new { value = await ask(context) };
        }
        catch (BroadcastAckException<string> e)
        {
            answer = new { error = e.Message, missing = e.MissingNodes };
        }
        catch (FetchSocketsException e)
        {
            answer = new { error = e.Message, missing = e.MissingNodes };
        }
        catch (ServerSideEmitException<string> e)
        {
            answer = new { error = e.Message, missing = e.MissingNodes };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            answer = new { error = e.Message };
        }

        await context.AckAsync(answer);
    }

    private static TimeSpan Milliseconds(int milliseconds) =>
        milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : Timeout.InfiniteTimeSpan;
}
