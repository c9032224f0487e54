using System.Buffers;
using System.Buffers.Binary;
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
