using System.Buffers;
using System.Buffers.Text;

namespace OrleansRooms.Protocol.EngineIO;

/// <summary>
/// The body of a poll response: packets joined by U+001E, binary messages as <c>b</c> and base64 (Engine.IO protocol 4,
/// "Payload encoding").
/// </summary>
public static class PollingPayload
{
    /// <summary>What stands between two packets.</summary>
    public const byte Separator = 0x1e;

    private const byte Base64Marker = (byte)'b';

    /// <summary>How many bytes a frame takes in a payload, the separator before it not counted.</summary>
    public static long GetSize(EngineIOFrame frame) =>
        frame.IsBinary ? 1 + GetBase64Length(frame.Payload.Length) : frame.Payload.Length;

    /// <summary>How many bytes a payload of these frames takes, separators included.</summary>
    public static long GetSize(ReadOnlySpan<EngineIOFrame> frames)
    {
        var size = Math.Max(0L, frames.Length - 1);
        foreach (var frame in frames) size += GetSize(frame);
        return size;
    }

    /// <summary>Appends one frame, preceded by the separator unless it is the first of its payload.</summary>
    public static void Append(IBufferWriter<byte> output, EngineIOFrame frame, bool isFirst)
    {
        if (!isFirst) output.Write([Separator]);
        if (frame.IsBinary)
        {
            AppendBase64(output, frame.Payload.Span);
        }
        else
        {
            output.Write(frame.Payload.Span);
        }
    }

    /// <summary>Writes a whole payload; nothing for no frames.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<EngineIOFrame> frames)
    {
        for (var i = 0; i < frames.Length; i++) Append(output, frames[i], isFirst: i == 0);
    }

    /// <summary>
    /// The frame as text only: itself when it is text, otherwise <c>b</c> and base64. For WebSocket clients that asked for
    /// <c>b64=1</c>.
    /// </summary>
    public static EngineIOFrame ToText(EngineIOFrame frame)
    {
        if (!frame.IsBinary) return frame;

        var text = new byte[GetSize(frame)];
        text[0] = Base64Marker;
        Base64.EncodeToUtf8(frame.Payload.Span, text.AsSpan(1), out _, out _);
        return new EngineIOFrame(text, isBinary: false);
    }

    private static void AppendBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.Write([Base64Marker]);

        // In pieces, so that a large attachment does not ask the writer for one contiguous block. Only the last piece may be
        // anything but a multiple of three bytes, for only it may be padded.
        const int Piece = 3 * 1024;
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(Piece, bytes.Length)];
            var span = output.GetSpan((int)GetBase64Length(piece.Length));
            Base64.EncodeToUtf8(piece, span, out _, out var written);
            output.Advance(written);
            bytes = bytes[piece.Length..];
        }
    }

    private static long GetBase64Length(int length) => (length + 2L) / 3 * 4;
}
