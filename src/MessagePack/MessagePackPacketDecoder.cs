using MessagePack;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.MessagePack;

/// <summary>
/// Reads one packet out of each binary message. It remembers nothing, because a message holds its attachments.
/// </summary>
internal sealed class MessagePackPacketDecoder(int maxAttachments, int maxDepth) : IPacketDecoder
{
    public Packet? Add(ReadOnlyMemory<byte> data, bool isBinary)
    {
        if (!isBinary) throw new PacketFormatException("A MessagePack packet came as text.");
        try
        {
            return Read(data);
        }
        catch (Exception exception) when (IsReaderError(exception))
        {
            throw new PacketFormatException("The packet is not MessagePack.", exception);
        }
    }

    // The last of these is how the reader answers to a length of 2 GB and more.
    private static bool IsReaderError(Exception exception) =>
        exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException;

    private Packet Read(ReadOnlyMemory<byte> message)
    {
        var reader = new MessagePackReader(message);
        var fields = PacketFields.Read(ref reader);
        if (!reader.End) throw new PacketFormatException("Something follows the packet.");
        if (fields.Type is null) throw new PacketFormatException("The packet type is unknown.");
        if (fields.Namespace is null || !fields.Namespace.StartsWith('/')) throw new PacketFormatException("The namespace is missing.");

        var type = fields.Type.Value;
        if (!fields.HasData)
        {
            if (type is PacketType.Ack) throw new PacketFormatException("An ACK needs an array.");
            JsonPayload.Validate(type, [], attachments: 0, maxDepth);
            return new Packet { Type = type, Namespace = fields.Namespace, AckId = fields.AckId };
        }

        var buffer = PayloadBuffer.Rent(JavaScriptStringEncoder.Instance);
        try
        {
            // Only events and acks have attachments; elsewhere bytes become base64.
            var attachments = type is PacketType.Event or PacketType.Ack ? buffer.Attachments : null;
            var data = new MessagePackReader(message[fields.Data]);
            MessagePackToJson.Write(ref data, buffer.Writer, attachments, maxAttachments, maxDepth);
            return ToPacket(type, fields, buffer);
        }
        finally
        {
            buffer.Return();
        }
    }

    private Packet ToPacket(PacketType type, PacketFields fields, PayloadBuffer buffer)
    {
        var payload = buffer.ToPayload();
        var attachments = buffer.Attachments.ToArray();
        JsonPayload.Validate(type, payload, attachments.Length, maxDepth);
        return new Packet
        {
            Type = attachments.Length == 0 ? type : type is PacketType.Event ? PacketType.BinaryEvent : PacketType.BinaryAck,
            Namespace = fields.Namespace!,
            AckId = fields.AckId,
            Payload = payload,
            Attachments = attachments,
        };
    }
}
