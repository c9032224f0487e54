using MessagePack;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.MessagePack;

/// <summary>
/// The map of one packet as far as it can be read before its type is known: <c>data</c> is only located. Unknown keys are skipped;
/// of two equal keys the last counts, as in JavaScript.
/// </summary>
internal struct PacketFields
{
    /// <summary>0 to 4, or <see langword="null"/> when there is no such type.</summary>
    public PacketType? Type { get; private set; }

    /// <summary>The namespace, or <see langword="null"/> when there is none.</summary>
    public string? Namespace { get; private set; }

    /// <summary>The ack id; absent and <c>undefined</c> are the same.</summary>
    public long? AckId { get; private set; }

    /// <summary>Whether there is data other than <c>undefined</c>.</summary>
    public bool HasData { get; private set; }

    /// <summary>Where the data stands in the message.</summary>
    public Range Data { get; private set; }

    public static PacketFields Read(ref MessagePackReader reader)
    {
        var fields = default(PacketFields);
        for (var keys = reader.ReadMapHeader(); keys > 0; keys--)
        {
            if (reader.NextMessagePackType is MessagePackType.String && reader.TryReadStringSpan(out var key))
            {
                fields.ReadValue(ref reader, key);
            }
            else
            {
                Values.Skip(ref reader);
                Values.Skip(ref reader);
            }
        }

        return fields;
    }

    private void ReadValue(ref MessagePackReader reader, ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("type"u8))
        {
            Type = reader.NextMessagePackType is MessagePackType.Integer && reader.ReadInt64() is >= 0 and <= 4 and var type
                ? (PacketType)type
                : throw new PacketFormatException("The packet type is unknown.");
        }
        else if (key.SequenceEqual("nsp"u8))
        {
            Namespace = reader.NextMessagePackType is MessagePackType.String
                ? reader.ReadString()
                : throw new PacketFormatException("The namespace is no string.");
        }
        else if (key.SequenceEqual("id"u8))
        {
            ReadAckId(ref reader);
        }
        else if (key.SequenceEqual("data"u8))
        {
            HasData = !Values.IsUndefined(reader);
            var start = (int)reader.Consumed;
            Values.Skip(ref reader);
            Data = start..(int)reader.Consumed;
        }
        else
        {
            Values.Skip(ref reader);
        }
    }

    private void ReadAckId(ref MessagePackReader reader)
    {
        if (Values.IsUndefined(reader))
        {
            AckId = null;
            Values.Skip(ref reader);
            return;
        }

        AckId = reader.NextMessagePackType is MessagePackType.Integer && reader.ReadInt64() is >= 0 and var id
            ? id
            : throw new PacketFormatException("The ack id is no integer from 0 on.");
    }
}
