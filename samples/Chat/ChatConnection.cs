using System.Collections.Concurrent;
using OrleansRooms.SocketIO;

namespace OrleansRooms.Samples.Chat;

internal sealed record JoinRequest(string? Room, string? Name);

internal sealed record LeaveRequest(string? Room);

internal sealed record MessageRequest(string? Room, string? Text);

/// <summary>
/// One person's connection: what the page may ask for, and the answers. Every answer has an <c>error</c> if it was refused.
/// </summary>
internal sealed class ChatConnection(ISocketIOServer io, ISocket socket, string node)
{
    private const int MaxNameLength = 32;
    private const int MaxRoomLength = 64;
    private const int MaxTextLength = 1000;
    private const int MaxRooms = 20;

    // The rooms this person is in, and the name in each.
    private readonly ConcurrentDictionary<string, string> _names = new();

    public void Listen()
    {
        socket.On("join", JoinAsync);
        socket.On("leave", LeaveAsync);
        socket.On("message", SendAsync);
    }

    private async Task<object> JoinAsync(JoinRequest request)
    {
        if (!IsText(request?.Room, MaxRoomLength, out var room) || !IsText(request?.Name, MaxNameLength, out var name))
        {
            return Refusal($"A room has 1 to {MaxRoomLength} characters, a name 1 to {MaxNameLength}.");
        }

        if (_names.Count >= MaxRooms && !_names.ContainsKey(room))
        {
            return Refusal($"Nobody can be in more than {MaxRooms} rooms.");
        }

        _names[room] = name;
        await socket.JoinAsync(room);
        return new { room, members = await io.RoomSizeAsync(room) };
    }

    private async Task<object> LeaveAsync(LeaveRequest request)
    {
        if (request?.Room is not { } room || !_names.TryRemove(room, out _))
        {
            return Refusal("You are not in this room.");
        }

        await socket.LeaveAsync(room);
        return new { room };
    }

    private async Task<object> SendAsync(MessageRequest request)
    {
        if (request?.Room is not { } room || !_names.TryGetValue(room, out var from))
        {
            return Refusal("You are not in this room.");
        }

        if (!IsText(request.Text, MaxTextLength, out var text))
        {
            return Refusal($"A message has 1 to {MaxTextLength} characters.");
        }

        await io.To(room).EmitAsync("message", new { room, from, text, node });
        return new { room };
    }

    private static object Refusal(string error) => new { error };

    private static bool IsText(string? value, int maxLength, out string text)
    {
        text = value?.Trim() ?? "";
        return text.Length > 0 && text.Length <= maxLength;
    }
}
