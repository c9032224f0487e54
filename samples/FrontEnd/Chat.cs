using OrleansRooms.SocketIO;

namespace OrleansRooms.Samples.FrontEnd;

internal sealed record ChatMessage(string Room, string Text);

/// <summary>The namespace <c>/chat</c>: for those who signed in, in rooms that span all front-ends.</summary>
internal static class Chat
{
    private const int MaxLength = 1000;

    public static void Map(ISocketIOServer io)
    {
        var chat = io.Of("/chat");
        chat.AuthenticateWithToken();
        chat.RequireAuthorization();
        chat.OnConnection(socket =>
        {
            socket.On<string, object>("join", async room =>
            {
                if (!IsText(room))
                {
                    return new { error = $"A room has 1 to {MaxLength} characters." };
                }

                await socket.JoinAsync(room);
                return new { members = await chat.RoomSizeAsync(room) };
            });
            socket.On<ChatMessage, object>("message", async message =>
            {
                if (!IsText(message?.Text) || !IsText(message?.Room) || !socket.Rooms.Contains(message!.Room))
                {
                    return new { error = "Join the room first, and say something." };
                }

                // Who sends is what the token says, never what the message does.
                await chat.To(message.Room).EmitAsync("message", new { from = socket.User.Identity!.Name, message.Room, message.Text });
                return new { };
            });
        });
    }

    private static bool IsText(string? text) => text is { Length: > 0 and <= MaxLength };
}
