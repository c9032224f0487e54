using Microsoft.Extensions.Options;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>Finds what does not add up in the options of a server, the Engine.IO ones included.</summary>
internal sealed class SocketIOOptionsValidator : IValidateOptions<SocketIOOptions>
{
    // Its id is the name of a socket's own room.
    private const int SocketIdLength = 20;

    // A few of them have to travel in one message of a cluster.
    private const int LongestRoomName = 1024 * 1024;

    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SocketIOOptions options)
    {
        var mistakes = EngineIOOptionsValidator.Find(options);
        RequireDuration(nameof(options.ConnectTimeout), options.ConnectTimeout);
        RequireDuration(nameof(options.ShutdownTimeout), options.ShutdownTimeout);
        RequireAtLeastOne(nameof(options.MaxWaitingEvents), options.MaxWaitingEvents);
        RequireAtLeastOne(nameof(options.MaxWaitingBytes), options.MaxWaitingBytes);
        RequireAtLeastOne(nameof(options.MaxPendingAcks), options.MaxPendingAcks);
        RequireAtLeastOne(nameof(options.MaxNamespacesPerConnection), options.MaxNamespacesPerConnection);
        RequireAtLeastOne(nameof(options.MaxChildNamespaces), options.MaxChildNamespaces);
        RequireAtLeastOne(nameof(options.MaxRoomsPerSocket), options.MaxRoomsPerSocket);
        RequireAtLeastOne(nameof(options.MaxAuthBytes), options.MaxAuthBytes);
        if (options.MaxRoomNameBytes is < SocketIdLength or > LongestRoomName)
        {
            mistakes.Add($"{nameof(options.MaxRoomNameBytes)} is {options.MaxRoomNameBytes}; set it to {SocketIdLength}, "
                + $"as long as the id of a socket, or more, and to {LongestRoomName} at most.");
        }

        if (options.ConnectionStateRecovery is { } recovery)
        {
            const string Prefix = nameof(options.ConnectionStateRecovery) + ".";
            RequireDuration(Prefix + nameof(recovery.MaxDisconnectionDuration), recovery.MaxDisconnectionDuration);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxSessions), recovery.MaxSessions);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxPackets), recovery.MaxPackets);
            RequireAtLeastOne(Prefix + nameof(recovery.MaxBytes), recovery.MaxBytes);
        }

        if (!Enum.IsDefined(options.HandlerDispatch))
        {
            mistakes.Add($"{nameof(options.HandlerDispatch)} is {options.HandlerDispatch}; choose {nameof(HandlerDispatch.StartInOrder)} " +
                $"or {nameof(HandlerDispatch.Sequential)}.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void RequireDuration(string option, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > LongestDuration)
            {
                mistakes.Add($"{option} is {value}; set it to more than zero and at most one day.");
            }
        }

        void RequireAtLeastOne(string option, long value)
        {
            if (value < 1)
            {
                mistakes.Add($"{option} is {value}; set it to 1 or more.");
            }
        }
    }
}
