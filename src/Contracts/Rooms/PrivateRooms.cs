namespace OrleansRooms.Contracts.Rooms;

/// <summary>
/// Tells private rooms, one of which every socket is in from the start, from others. They are owned like any room, but not listed, and
/// nobody is told when they come and go.
/// </summary>
public static class PrivateRooms
{
    /// <summary>The length of a socket id.</summary>
    public const int SocketIdLength = 20;

    /// <summary>
    /// Whether a room's name looks like a socket id: 20 characters of base64url, as both this server and Node.js make them. An ordinary
    /// room that happens to look like that is taken for a private one.
    /// </summary>
    public static bool Include(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        if (room.Length != SocketIdLength)
        {
            return false;
        }

        foreach (var c in room)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
