using OrleansRooms.Samples.Chat;

if (args.Contains("--help"))
{
    Console.WriteLine(ChatSettings.Usage);
    return 0;
}

try
{
    var settings = new ChatSettings(args);
    IHost[] hosts = settings.Role switch
    {
        "all" => [ChatSilo.Create(settings), .. settings.Nodes.Select(url => ChatNode.Create(settings, url))],
        "silo" => [ChatSilo.Create(settings)],
        "node" => [ChatNode.Create(settings, settings.Url)],
        _ => throw new ChatStartException($"There is no role '{settings.Role}': choose all, silo or node."),
    };
    await RunAsync(hosts);
    return 0;
}
catch (ChatStartException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Starts the hosts in order, and stops them in reverse when the first of them is asked to: the nodes say goodbye while their silo still
// listens.
static async Task RunAsync(IHost[] hosts)
{
    foreach (var host in hosts)
    {
        await host.StartAsync();
    }

    Console.WriteLine("Ctrl+C ends it.");
    var stopping = hosts.Select(host => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    using var anyStopping = CancellationTokenSource.CreateLinkedTokenSource([.. stopping]);
    await Task.Delay(
        Timeout.InfiniteTimeSpan, TimeProvider.System, anyStopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    foreach (var host in hosts.Reverse())
    {
        await host.StopAsync();
        host.Dispose();
    }
}
