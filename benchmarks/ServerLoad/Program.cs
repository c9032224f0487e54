using Microsoft.Extensions.Hosting;
using OrleansRooms.ServerLoad.Scenarios;
using OrleansRooms.ServerLoad.Servers;

switch (args)
{
    case ["serve", var kind, var port]:
        await using (var app = kind == "bare"
            ? BareServer.Build(int.Parse(port))
            : RoomsServer.Build(int.Parse(port), isQuiet: kind == "rooms-quiet", isTight: kind == "rooms-tight"))
        {
            await app.StartAsync();
            Console.WriteLine("ready");
            await app.WaitForShutdownAsync();
            return 0;
        }

    case ["idle", .. var rest]:
        return await Idle.RunAsync(Number(rest, 20_000)) ? 0 : 1;
    case ["broadcast", .. var rest]:
        return await Broadcast.RunAsync(rest.Length > 0 ? [.. rest.Select(int.Parse)] : [100, 1_000, 5_000]) ? 0 : 1;
    case ["fuzz", .. var rest]:
        return await Fuzz.RunAsync(Number(rest, 1_000_000), rest.Length > 1 ? int.Parse(rest[1]) : Random.Shared.Next(1_000_000)) ? 0 : 1;
    case ["stalled", .. var rest]:
        return await Stalled.RunAsync(Number(rest, 2_000)) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            ServerLoad SCENARIO
              idle [CONNECTIONS]      KB that an idle WebSocket connection keeps resident, ours and Node.js (20000)
              fuzz [FRAMES [SEED]]    mutated frames over both transports, with a bystander (1000000)
              stalled [CLIENTS]       200 clients that chat, alone and beside others that never read (2000)
              broadcast [SOCKETS...]  processor time of a local broadcast, ours and bare Kestrel (100 1000 5000)
            Needs Linux and Node.js. Both the server and this program need as many file descriptors as there are connections, and some
            more (ulimit -n).
            Exit code 1: a goal was missed.
            """);
        return 2;
}

static int Number(string[] rest, int otherwise) => rest.Length > 0 ? int.Parse(rest[0]) : otherwise;
