namespace OrleansRooms.TestKit.Processes;

/// <summary>The POSIX signals that tests send; the values are those of <c>kill(2)</c> on Linux.</summary>
public enum ProcessSignal
{
    /// <summary>Ctrl+C.</summary>
    Interrupt = 2,

    /// <summary>Ends the process at once.</summary>
    Kill = 9,

    /// <summary>Asks the process to end.</summary>
    Terminate = 15,

    /// <summary>Lets a stopped process go on.</summary>
    Continue = 18,

    /// <summary>Freezes the process.</summary>
    Stop = 19,
}
