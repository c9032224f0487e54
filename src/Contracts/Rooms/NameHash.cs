using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace OrleansRooms.Contracts.Rooms;

/// <summary>Hashes the names of rooms and sockets. Part of the wire format: nodes and silos must agree.</summary>
/// <remarks>
/// What is hashed is what travels, UTF-8: half of a surrogate pair, which anybody may put into a name, arrives as another character, and
/// would otherwise give another number there.
/// </remarks>
internal static class NameHash
{
    private const int MaxOnStack = 256;

    public static ulong Of(string name, long seed = 0)
    {
        var size = Encoding.UTF8.GetMaxByteCount(name.Length);
        if (size <= MaxOnStack)
        {
            Span<byte> bytes = stackalloc byte[MaxOnStack];
            return XxHash3.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(name, bytes)], seed);
        }

        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return XxHash3.HashToUInt64(rented.AsSpan(0, Encoding.UTF8.GetBytes(name, rented)), seed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
