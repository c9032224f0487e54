using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Makes a byte buffer an attachment, at whatever depth it stands. Bytes are copied on the way out, so that the caller may
/// reuse the buffer when the emit returns. Where no attachment is possible, the buffer is base64 as everywhere in
/// System.Text.Json; a base64 string is read too.
/// </summary>
internal abstract class AttachmentConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String) return FromBytes(reader.GetBytesFromBase64());
        if (reader.TokenType is JsonTokenType.StartObject
            && AttachmentPlaceholders.TryRead(ref reader, out var number)
            && AttachmentContext.TryGet(number, out var bytes))
        {
            return FromBytes(bytes);
        }

        throw new JsonException("A binary attachment was expected.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var bytes = CopyBytes(value);
        if (AttachmentContext.CanWrite)
        {
            AttachmentPlaceholders.Write(writer, AttachmentContext.Add(bytes));
        }
        else
        {
            writer.WriteBase64StringValue(bytes);
        }
    }

    protected abstract T FromBytes(ReadOnlyMemory<byte> bytes);

    protected abstract byte[] CopyBytes(T value);
}

internal sealed class ByteArrayConverter : AttachmentConverter<byte[]>
{
    protected override byte[] FromBytes(ReadOnlyMemory<byte> bytes) => bytes.ToArray();

    protected override byte[] CopyBytes(byte[] value) => value.AsSpan().ToArray();
}

internal sealed class MemoryConverter : AttachmentConverter<Memory<byte>>
{
    protected override Memory<byte> FromBytes(ReadOnlyMemory<byte> bytes) => bytes.ToArray();

    protected override byte[] CopyBytes(Memory<byte> value) => value.ToArray();
}

internal sealed class ReadOnlyMemoryConverter : AttachmentConverter<ReadOnlyMemory<byte>>
{
    protected override ReadOnlyMemory<byte> FromBytes(ReadOnlyMemory<byte> bytes) => bytes;

    protected override byte[] CopyBytes(ReadOnlyMemory<byte> value) => value.ToArray();
}

internal sealed class ArraySegmentConverter : AttachmentConverter<ArraySegment<byte>>
{
    protected override ArraySegment<byte> FromBytes(ReadOnlyMemory<byte> bytes) => bytes.ToArray();

    protected override byte[] CopyBytes(ArraySegment<byte> value) => value.AsSpan().ToArray();
}

internal sealed class ReadOnlySequenceConverter : AttachmentConverter<ReadOnlySequence<byte>>
{
    protected override ReadOnlySequence<byte> FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    protected override byte[] CopyBytes(ReadOnlySequence<byte> value) => value.ToArray();
}
