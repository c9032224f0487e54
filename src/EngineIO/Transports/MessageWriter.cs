using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.WebSockets;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// Writes batches as WebSocket messages straight into the buffers of the connection: everything that waits leaves in one write, without an
/// allocation. A server's frames are not masked, so this is no more than a length before each payload (RFC 6455, section 5.2).
/// </summary>
internal static class MessageWriter
{
    /// <summary>After how many bytes the connection is waited for: of what is large, a client that does not read gets no copy.</summary>
    public const int LargestPiece = 16 * 1024;

    private const byte FinalText = 0x81;
    private const byte FinalBinary = 0x82;
    private const byte FinalClose = 0x88;
    private const byte FinalPong = 0x8a;
    private const int LongestHead = 10;

    /// <summary>Writes messages of a batch, as many as make a piece; completes when the connection has taken them.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="next">The first message to write.</param>
    /// <returns>The first message that has not been written.</returns>
    public static async ValueTask<int> WriteAsync(PipeWriter connection, Outbox.Batch batch, int next)
    {
        long written = 0;
        var unflushed = 0;
        do
        {
            foreach (var frame in batch[next].Frames)
            {
                var payload = frame.Payload;
                if (unflushed > 0 && unflushed + payload.Length > LargestPiece)
                {
                    await connection.FlushAsync();
                    unflushed = 0;
                }

                var head = WriteHead(connection, frame.IsBinary ? FinalBinary : FinalText, payload.Length);
                unflushed += head;
                written += head + payload.Length;
                for (; payload.Length > LargestPiece; payload = payload[LargestPiece..])
                {
                    connection.Write(payload.Span[..LargestPiece]);
                    await connection.FlushAsync();
                    unflushed = 0;
                }

                connection.Write(payload.Span);
                unflushed += payload.Length;
            }

            next++;
        }
        while (next < batch.Count && written < LargestPiece);

        if (unflushed > 0) await connection.FlushAsync();
        return next;
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

    private static int WriteHead(PipeWriter connection, byte head, int length)
    {
        var written = WriteHead(connection.GetSpan(LongestHead), head, length);
        connection.Advance(written);
        return written;
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
