using Microsoft.Extensions.Options;

namespace OrleansRooms.Messaging;

/// <summary>What the options of everything that sends to nodes have to satisfy.</summary>
internal static class OptionChecks
{
    // Longer than anybody means, and well within what timers take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const int SmallestMessage = 64 * 1024;

    // Names are counted by two bytes for each character and may have three, and Orleans carries 100 MiB.
    private const int LargestMessage = 64 * 1024 * 1024;

    public static void CheckClusterKey(this ValidateOptionsResultBuilder builder, string? value, string property)
    {
        if (string.IsNullOrEmpty(value))
        {
            builder.AddError("Set it to a name that all servers and emitters of the application share.", property);
        }
    }

    public static void CheckTime(this ValidateOptionsResultBuilder builder, TimeSpan value, string property)
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            builder.AddError($"It is {value}; set it to more than zero and at most a day.", property);
        }
    }

    public static void CheckMessageBytes(this ValidateOptionsResultBuilder builder, int value, string property)
    {
        if (value is < SmallestMessage or > LargestMessage)
        {
            builder.AddError($"It is {value}; set it to {SmallestMessage} at least and to {LargestMessage} at most.", property);
        }
    }

    public static void CheckCount(this ValidateOptionsResultBuilder builder, long value, string property)
    {
        if (value <= 0)
        {
            builder.AddError($"It is {value}; set it to at least 1.", property);
        }
    }
}
