using System.Globalization;
using OrleansRooms.BareRelay;

// Before the first socket: one thread watches all sockets and does all the work, so that nothing is handed from thread to thread and
// nothing needs a lock.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

if (args.Length < 3 || !args.All(arg => int.TryParse(arg, CultureInfo.InvariantCulture, out _)))
{
    Console.Error.WriteLine("BareRelay INDEX CLIENT_PORT LINK_PORT...: a link port for each relay, in the same order everywhere.");
    return 1;
}

int[] numbers = [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
await new Relay(index: numbers[0], clientPort: numbers[1], linkPorts: numbers[2..]).RunAsync();
return 0;
