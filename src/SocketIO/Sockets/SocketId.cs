using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>Makes the ids of sockets: 20 characters of base64url, as Node.js makes them, from 120 random bits.</summary>
internal static class SocketId
{
    private const int Bytes = 15;

    public static string Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
