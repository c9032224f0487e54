using System.Net.Sockets;

namespace OrleansRooms.BareRelay;

/// <summary>A room as a relay knows it: its own members, and the other relays that have some.</summary>
internal sealed class RelayRoom
{
    public HashSet<Socket> Members { get; } = [];

    /// <summary>A bit for each relay.</summary>
    public ulong Relays { get; set; }

    /// <summary>Writes a frame to each member.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        foreach (var member in Members)
        {
            member.Send(frame);
        }
    }
}
