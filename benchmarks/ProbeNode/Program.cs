using OrleansRooms.ProbeNode;

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
