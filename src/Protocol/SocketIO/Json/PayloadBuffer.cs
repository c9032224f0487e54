using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Where one payload is written before its exact size is known: a growing buffer, its JSON writer and its attachments. Each
/// thread keeps one, because the three cost more than a small packet.
/// </summary>
internal sealed class PayloadBuffer
{
    // A larger buffer is given up, so that one large packet does not stay in the memory of every thread that wrote one.
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static PayloadBuffer? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    private readonly JavaScriptEncoder _encoder;

    private PayloadBuffer(JavaScriptEncoder encoder)
    {
        _encoder = encoder;

        // The depth is bounded by those who write: the serializer has a limit of its own, and so have the decoders.
        var options = new JsonWriterOptions { Encoder = encoder, MaxDepth = int.MaxValue, SkipValidation = true };
        Writer = new Utf8JsonWriter(_buffer, options);
    }

    public Utf8JsonWriter Writer { get; }

    public List<ReadOnlyMemory<byte>> Attachments { get; } = [];

    /// <summary>Takes the thread's buffer, or a new one while that is in use by an outer call or made for another encoder.</summary>
    public static PayloadBuffer Rent(JavaScriptEncoder encoder)
    {
        var kept = _kept;
        _kept = null;
        return kept is not null && ReferenceEquals(kept._encoder, encoder) ? kept : new PayloadBuffer(encoder);
    }

    public byte[] ToPayload()
    {
        Writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Return()
    {
        if (_buffer.Capacity > LargestKept) return;

        _buffer.ResetWrittenCount();
        Writer.Reset();
        Attachments.Clear();
        _kept = this;
    }
}
