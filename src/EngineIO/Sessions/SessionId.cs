using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansRooms.EngineIO.Sessions;

/// <summary>Session ids: whoever knows one can send and receive in its session, so they are unguessable.</summary>
internal static class SessionId
{
    private const int RandomBytes = 15;

    /// <summary>A new id of 20 characters, base64url over 15 random bytes: unique across a cluster by chance alone.</summary>
    public static string Create()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
