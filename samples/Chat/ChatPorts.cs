using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.Samples.Chat;

/// <summary>
/// Looks at the ports before anything starts: Orleans and Kestrel would each report a taken one in their own way, in the middle of many
/// other lines.
/// </summary>
internal static class ChatPorts
{
    public static void ThrowIfTaken(int port, string option)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new ChatStartException($"Port {port} is taken by another program. End that one, or choose another port with {option}.");
        }
        catch (SocketException e)
        {
            throw new ChatStartException($"Port {port} cannot be used ({e.Message}). Choose another port with {option}.");
        }
    }
}
