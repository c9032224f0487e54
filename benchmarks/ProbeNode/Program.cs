using OrleansRooms.ProbeNode;

// Before the first socket: the thread that watches sockets does the first step itself instead of waking a worker for it. See
// docs/performance.md.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

ProbeSettings settings;
try
{
    settings = new ProbeSettings(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(ProbeSettings.Usage);
    return 1;
}

using var node = ProbeCluster.Build(settings);
await node.RunAsync();
return 0;
