using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// Writes batches as WebSocket messages straight to the connection: everything that waits leaves in one write, without one
/// allocation. A server's frames are not masked, so this is no more than a length before each payload (RFC 6455, section 5.2).
/// </summary>
internal static class MessageWriter
{
    private const byte FinalText = 0x81;
    private const byte FinalBinary = 0x82;
    private const byte FinalClose = 0x88;
    private const byte FinalPong = 0x8a;
    private const int LongestHead = 10;

    // What does not fit is written in several pieces; large payloads are then not copied at all.
    private const int LargestBuffer = 16 * 1024;

    /// <summary>Writes a batch; completes when the connection has taken it.</summary>
    public static async ValueTask WriteAsync(Stream connection, Outbox.Batch batch)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Measure(batch), LargestBuffer));
        try
        {
            var length = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                foreach (var frame in batch[i].Frames)
                {
                    if (buffer.Length - length < LongestHead)
                    {
                        await connection.WriteAsync(buffer.AsMemory(0, length));
                        length = 0;
                    }

                    var payload = frame.Payload;
                    length += WriteHead(buffer.AsSpan(length), frame.IsBinary ? FinalBinary : FinalText, payload.Length);

                    var room = Math.Min(payload.Length, buffer.Length - length);
                    payload.Span[..room].CopyTo(buffer.AsSpan(length));
                    length += room;
                    if (room == payload.Length) continue;

                    await connection.WriteAsync(buffer.AsMemory(0, length));
                    length = 0;
                    payload = payload[room..];
                    if (payload.Length >= buffer.Length)
                    {
                        await connection.WriteAsync(payload);
                    }
                    else
                    {
                        payload.Span.CopyTo(buffer);
                        length = payload.Length;
                    }
                }
            }

            if (length > 0) await connection.WriteAsync(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A text message.</summary>
    public static byte[] Text(ReadOnlySpan<byte> payload) => Frame(FinalText, payload);

    /// <summary>A binary message.</summary>
    public static byte[] Binary(ReadOnlySpan<byte> payload) => Frame(FinalBinary, payload);

    /// <summary>The answer to a ping.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> payload) => Frame(FinalPong, payload);

    /// <summary>The last frame of a connection.</summary>
    public static byte[] Close(WebSocketCloseStatus status)
    {
        // "Empty" has a number, which must not travel.
        if (status == WebSocketCloseStatus.Empty) return Frame(FinalClose, []);

        Span<byte> payload = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)status);
        return Frame(FinalClose, payload);
    }

    private static byte[] Frame(byte head, ReadOnlySpan<byte> payload)
    {
        Span<byte> start = stackalloc byte[LongestHead];
        start = start[..WriteHead(start, head, payload.Length)];
        return [.. start, .. payload];
    }

    private static long Measure(Outbox.Batch batch)
    {
        long size = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            foreach (var frame in batch[i].Frames) size += LongestHead + frame.Payload.Length;
        }

        return size;
    }

    private static int WriteHead(Span<byte> output, byte head, int length)
    {
        output[0] = head;
        switch (length)
        {
            case <= 125:
                output[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                output[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)length);
                return 4;
            default:
                output[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(output[2..], (ulong)length);
                return LongestHead;
        }
    }
}
