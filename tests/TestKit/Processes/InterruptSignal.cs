using System.Runtime.InteropServices;

namespace OrleansRooms.TestKit.Processes;

/// <summary>
/// Shells start what runs in the background with SIGINT ignored. .NET leaves it so, and processes that a test starts inherit it: they would
/// not hear the signal that the test sends them.
/// </summary>
internal static partial class InterruptSignal
{
    private const nint Default = 0;
    private const nint Ignored = 1;

    /// <summary>Lets this process and those that it starts from now on be interrupted, if whoever started it has prevented that.</summary>
    public static void Allow()
    {
        if (OperatingSystem.IsWindows()) return;

        // Asked first: to set a handler of the runtime's again would not restore its flags.
        var current = default(SignalAction);
        if (GetAction((int)ProcessSignal.Interrupt, 0, ref current) == 0 && current.Handler == Ignored)
        {
            SetHandler((int)ProcessSignal.Interrupt, Default);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int signal, nint action, ref SignalAction current);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    // The handler comes first on Linux and on macOS; no struct of theirs is as long as this.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct SignalAction
    {
        public nint Handler;
    }
}
