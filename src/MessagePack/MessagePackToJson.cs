using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using MessagePack;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.MessagePack;

/// <summary>Writes MessagePack data as the JSON payload of a packet, its byte buffers as attachments. No recursion.</summary>
internal ref struct MessagePackToJson
{
    private readonly Utf8JsonWriter _writer;
    private readonly List<ReadOnlyMemory<byte>>? _attachments;
    private readonly int _maxAttachments;
    private readonly int _maxDepth;
    private Level[] _levels;
    private int _depth;

    private MessagePackToJson(Utf8JsonWriter writer, List<ReadOnlyMemory<byte>>? attachments, int maxAttachments, int maxDepth)
    {
        _writer = writer;
        _attachments = attachments;
        _maxAttachments = maxAttachments;
        _maxDepth = maxDepth;
        _levels = new Level[8];
        _depth = 0;
    }

    /// <summary>Writes one value.</summary>
    /// <param name="reader">Stands before it, and behind it afterwards.</param>
    /// <param name="writer">Takes the JSON.</param>
    /// <param name="attachments">Takes the byte buffers as slices; <see langword="null"/> to write them as base64.</param>
    /// <param name="maxAttachments">How many byte buffers there may be.</param>
    /// <param name="maxDepth">How deep arrays and maps may be nested.</param>
    /// <exception cref="PacketFormatException">A limit is exceeded or a value has no counterpart.</exception>
    public static void Write(
        ref MessagePackReader reader, Utf8JsonWriter writer, List<ReadOnlyMemory<byte>>? attachments, int maxAttachments, int maxDepth)
    {
        var transcoder = new MessagePackToJson(writer, attachments, maxAttachments, maxDepth);
        transcoder.WriteValue(ref reader);
        while (transcoder._depth > 0) transcoder.WriteItem(ref reader);
    }

    private void WriteItem(ref MessagePackReader reader)
    {
        ref var level = ref _levels[_depth - 1];
        if (level.Left == 0)
        {
            if (level.IsMap)
            {
                _writer.WriteEndObject();
            }
            else
            {
                _writer.WriteEndArray();
            }

            _depth--;
            return;
        }

        level.Left--;
        if (level.IsMap && !TryWriteName(ref reader)) return;
        WriteValue(ref reader);
    }

    // A property that is undefined does not exist for JSON.stringify.
    private readonly bool TryWriteName(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType is MessagePackType.String && reader.TryReadStringSpan(out var name))
        {
            if (SkipUndefined(ref reader)) return false;
            _writer.WritePropertyName(name);
            return true;
        }

        if (reader.NextMessagePackType is not MessagePackType.Integer)
        {
            throw new PacketFormatException("A key of a map is neither a string nor an integer.");
        }

        var number = reader.ReadInt64();
        if (SkipUndefined(ref reader)) return false;
        _writer.WritePropertyName(number.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private static bool SkipUndefined(ref MessagePackReader reader)
    {
        if (!Values.IsUndefined(reader)) return false;
        reader.Skip();
        return true;
    }

    private void WriteValue(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                _writer.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                _writer.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                _writer.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                _writer.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float:
                WriteFloat(reader.ReadDouble());
                break;
            case MessagePackType.String:
                reader.TryReadStringSpan(out var text);
                _writer.WriteStringValue(text);
                break;
            case MessagePackType.Binary:
                WriteBytes(reader.ReadBytes()!.Value.First);
                break;
            case MessagePackType.Array:
                Open(reader.ReadArrayHeader(), isMap: false);
                break;
            case MessagePackType.Map:
                Open(reader.ReadMapHeader(), isMap: true);
                break;
            case MessagePackType.Extension:
                WriteExtension(ref reader);
                break;
            default:
                throw new PacketFormatException("The packet is not MessagePack.");
        }
    }

    private void Open(int count, bool isMap)
    {
        if (_depth == _maxDepth) throw new PacketFormatException($"The data is nested more than {_maxDepth} levels deep.");
        if (isMap)
        {
            _writer.WriteStartObject();
        }
        else
        {
            _writer.WriteStartArray();
        }

        if (_depth == _levels.Length) Array.Resize(ref _levels, _levels.Length * 2);
        _levels[_depth++] = new Level { Left = count, IsMap = isMap };
    }

    private readonly void WriteFloat(double value)
    {
        if (double.IsFinite(value))
        {
            _writer.WriteNumberValue(value);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    private readonly void WriteBytes(ReadOnlyMemory<byte> bytes)
    {
        if (_attachments is null)
        {
            _writer.WriteBase64StringValue(bytes.Span);
            return;
        }

        if (_attachments.Count == _maxAttachments) throw new PacketFormatException("too many attachments");
        _attachments.Add(bytes);
        AttachmentPlaceholders.Write(_writer, _attachments.Count - 1);
    }

    private readonly void WriteExtension(ref MessagePackReader reader)
    {
        var code = reader.NextCode;
        var header = reader.ReadExtensionFormatHeader();
        switch (code, header.TypeCode)
        {
            case (MessagePackCode.FixExt1, Values.NotepackExtension):
                reader.ReadRaw(header.Length);
                _writer.WriteNullValue();
                break;
            case (MessagePackCode.FixExt8, Values.NotepackExtension):
                var milliseconds = BinaryPrimitives.ReadInt64BigEndian(reader.ReadRaw(header.Length).First.Span);
                JavaScriptDate.Write(_writer, milliseconds);
                break;
            case (MessagePackCode.Ext8 or MessagePackCode.Ext16 or MessagePackCode.Ext32, Values.NotepackExtension):
                WriteBytes(reader.ReadRaw(header.Length).First);
                break;
            case (_, ReservedMessagePackExtensionTypeCode.DateTime):
                JavaScriptDate.Write(_writer, reader.ReadDateTime(header));
                break;
            default:
                throw new PacketFormatException($"MessagePack extension {header.TypeCode} has no counterpart in JSON.");
        }
    }

    private struct Level
    {
        public int Left;
        public bool IsMap;
    }
}
