using System.Text;

namespace OrleansRooms.Protocol.EngineIO;

/// <summary>
/// One Engine.IO packet in the form in which it leaves a server: text begins with the type digit, a binary message is its
/// bare bytes. A frame is immutable and may be handed to any number of sessions at once, which is how a broadcast is encoded
/// once for all its recipients.
/// </summary>
/// <remarks>
/// WebSocket sends <see cref="Payload"/> as one text or binary message; long-polling writes text as it is and binary as
/// <c>b</c> followed by base64 (Engine.IO protocol 4, "Packet encoding" and "Payload encoding").
/// </remarks>
public sealed class EngineIOFrame
{
    /// <summary>Creates a frame over bytes that the caller promises not to change any more.</summary>
    /// <param name="payload">Text with its type digit in UTF-8, or the bytes of a binary message.</param>
    /// <param name="isBinary"><see langword="true"/> for the bytes of a binary message.</param>
    public EngineIOFrame(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        Payload = payload;
        IsBinary = isBinary;
    }

    /// <summary>The bytes of the frame.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether <see cref="Payload"/> is a binary message rather than UTF-8 text.</summary>
    public bool IsBinary { get; }

    /// <summary>Creates a text frame of the given type.</summary>
    public static EngineIOFrame Text(EngineIOPacketType type, string data = "")
    {
        var payload = new byte[1 + Encoding.UTF8.GetByteCount(data)];
        payload[0] = (byte)('0' + (int)type);
        Encoding.UTF8.GetBytes(data, payload.AsSpan(1));
        return new EngineIOFrame(payload, isBinary: false);
    }
}
