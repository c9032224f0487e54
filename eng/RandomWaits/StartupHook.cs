#pragma warning disable CA1050 // The runtime looks for this name, without a namespace.

/// <summary>
/// Called by the runtime in each process that has this assembly in <c>DOTNET_STARTUP_HOOKS</c>, before its own code. It has nothing to do:
/// having been loaded, the assembly is found by the woven ones, although no program lists it among those that it needs.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
    }
}
