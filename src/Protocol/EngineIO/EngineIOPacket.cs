using System.Buffers;
using System.Buffers.Text;

namespace OrleansRooms.Protocol.EngineIO;

/// <summary>One Engine.IO packet as it came from a client; <see cref="Data"/> is a slice of what was read, not a copy.</summary>
public readonly struct EngineIOPacket : IEquatable<EngineIOPacket>
{
    private const byte Base64Marker = (byte)'b';

    private EngineIOPacket(EngineIOPacketType type, ReadOnlyMemory<byte> data, bool isBinary)
    {
        Type = type;
        Data = data;
        IsBinary = isBinary;
    }

    /// <summary>What the packet is; always <see cref="EngineIOPacketType.Message"/> when it is binary.</summary>
    public EngineIOPacketType Type { get; }

    /// <summary>What follows the type digit, or the whole of a binary message.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Whether <see cref="Data"/> is binary rather than text.</summary>
    public bool IsBinary { get; }

    /// <summary>
    /// Reads one WebSocket message, or one packet out of a polling payload. Never throws: what is no packet is the client's
    /// mistake and ends its session with <c>parse error</c>.
    /// </summary>
    /// <param name="message">The message; the packet keeps a slice of it.</param>
    /// <param name="isBinary">Whether it came as a binary message, which is a <see cref="EngineIOPacketType.Message"/> without a type
    /// digit.</param>
    /// <param name="packet">The packet, when there is one.</param>
    /// <returns>
    /// <see langword="false"/> when a text is empty, begins with neither a type digit nor <c>b</c>, or is <c>b</c> followed by
    /// something that is not base64 (Engine.IO protocol 4, "Packet encoding").
    /// </returns>
    public static bool TryRead(ReadOnlyMemory<byte> message, bool isBinary, out EngineIOPacket packet)
    {
        if (isBinary)
        {
            packet = new EngineIOPacket(EngineIOPacketType.Message, message, isBinary: true);
            return true;
        }

        packet = default;
        if (message.IsEmpty) return false;

        var first = message.Span[0];
        var digit = first - '0';
        if (digit is >= (int)EngineIOPacketType.Open and <= (int)EngineIOPacketType.Noop)
        {
            packet = new EngineIOPacket((EngineIOPacketType)digit, message[1..], isBinary: false);
            return true;
        }

        if (first != Base64Marker || !TryDecodeBase64(message.Span[1..], out var bytes)) return false;
        packet = new EngineIOPacket(EngineIOPacketType.Message, bytes, isBinary: true);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(EngineIOPacket other) =>
        Type == other.Type && IsBinary == other.IsBinary && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EngineIOPacket other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.Add(IsBinary);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }

    /// <summary>Whether two packets have the same type and the same bytes.</summary>
    public static bool operator ==(EngineIOPacket left, EngineIOPacket right) => left.Equals(right);

    /// <summary>Whether two packets differ in type or bytes.</summary>
    public static bool operator !=(EngineIOPacket left, EngineIOPacket right) => !left.Equals(right);

    private static bool TryDecodeBase64(ReadOnlySpan<byte> base64, out byte[] bytes)
    {
        bytes = [];
        if (base64.IsEmpty) return true;
        if (!Base64.IsValid(base64, out var length)) return TryDecodeVariant(base64, out bytes);

        bytes = GC.AllocateUninitializedArray<byte>(length);
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == OperationStatus.Done && written == length;
    }

    /// <summary>Reads base64 without padding or in the alphabet for URLs, which Node.js takes, as others write it.</summary>
    private static bool TryDecodeVariant(ReadOnlySpan<byte> base64, out byte[] bytes)
    {
        bytes = [];
        base64 = base64.TrimEnd((byte)'=');
        var padded = new byte[(base64.Length + 3) / 4 * 4];
        base64.CopyTo(padded);
        padded.AsSpan(base64.Length).Fill((byte)'=');
        padded.AsSpan().Replace((byte)'-', (byte)'+');
        padded.AsSpan().Replace((byte)'_', (byte)'/');
        if (!Base64.IsValid(padded, out var length)) return false;

        bytes = GC.AllocateUninitializedArray<byte>(length);
        return Base64.DecodeFromUtf8(padded, bytes, out _, out var written) == OperationStatus.Done && written == length;
    }
}
