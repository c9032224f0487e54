namespace OrleansRooms.MessagePack;

/// <summary>What <see cref="MessagePackPacketParser"/> accepts from a client.</summary>
public sealed class MessagePackPacketParserOptions
{
    /// <summary>
    /// How many byte buffers one packet may hold. They are all inside one message, so the number costs little; the limit is
    /// there because an empty buffer of two bytes becomes a placeholder of some thirty. Default: 1000.
    /// </summary>
    public int MaxAttachments { get; set; } = 1000;

    /// <summary>
    /// How deep arrays and maps may be nested in the data of a packet, the array that holds the arguments included. Default:
    /// 256.
    /// </summary>
    public int MaxDepth { get; set; } = 256;
}
