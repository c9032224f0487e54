using System.Buffers.Binary;

namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>
/// The little of RFC 6455 that a client of these servers needs: unfragmented messages. The mask of a client's frames is all zeros, which is
/// a valid mask and spares masking.
/// </summary>
internal static class WireFrames
{
    /// <summary>The most bytes that a head has which <see cref="WriteTextHead"/> writes.</summary>
    public const int LongestHead = 14;

    private const int MaskLength = 4;
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const byte Text = 0x01;

    /// <summary>Writes the head of a text message and returns its length.</summary>
    public static int WriteTextHead(Span<byte> output, int length)
    {
        output[0] = Final | Text;
        if (length <= 125)
        {
            output[1] = (byte)(Masked | length);
            output.Slice(2, MaskLength).Clear();
            return 2 + MaskLength;
        }

        if (length > ushort.MaxValue)
        {
            output[1] = Masked | 127;
            BinaryPrimitives.WriteInt64BigEndian(output[2..], length);
            output.Slice(10, MaskLength).Clear();
            return 10 + MaskLength;
        }

        output[1] = Masked | 126;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)length);
        output.Slice(4, MaskLength).Clear();
        return 4 + MaskLength;
    }

    /// <summary>Finds the first frame in what was received.</summary>
    /// <returns><see langword="false"/> when it is not there as a whole yet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> received, out bool isText, out Range payload, out int frameLength)
    {
        (isText, payload, frameLength) = (false, default, 0);
        if (received.Length < 2)
        {
            return false;
        }

        var (head, length) = (2, received[1] & 0x7F);
        if (length == 126)
        {
            if (received.Length < 4)
            {
                return false;
            }

            (head, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(received[2..]));
        }
        else if (length == 127)
        {
            throw new InvalidDataException("A server sent a message of more than 65,535 bytes.");
        }

        if (received.Length < head + length)
        {
            return false;
        }

        isText = received[0] == (Final | Text);
        payload = head..(head + length);
        frameLength = head + length;
        return true;
    }
}
