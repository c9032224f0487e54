using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>
/// Ids of sessions and sockets. Whoever knows the id of a session can send and receive in it, and whoever knows a socket's private id can
/// take over its state, so they are unguessable.
/// </summary>
internal static class RandomId
{
    private const int RandomBytes = 15;

    /// <summary>A new id of 20 characters, base64url over 15 random bytes as in Node.js: unique across a cluster by chance alone.</summary>
    public static string Create()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
