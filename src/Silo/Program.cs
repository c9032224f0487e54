using Microsoft.Extensions.Options;
using OrleansRooms.Silo;

try
{
    if (args.Contains(DatabaseInitialization.Switch))
    {
        await DatabaseInitialization.RunAsync(args);
        return 0;
    }

    using var host = SiloConfiguration.Build(args);
    await host.RunAsync();
    return 0;
}
catch (OptionsValidationException exception)
{
    foreach (var failure in exception.Failures)
    {
        await Console.Error.WriteLineAsync($"The silo cannot run: {failure}");
    }

    return 1;
}
// The last resort of the process: whatever happened, one sentence for who started it. The log has the details.
#pragma warning disable CA1031
catch (Exception exception)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"The silo cannot run: {exception.Message}");
    return 1;
}
