namespace OrleansRooms.Protocol.SocketIO;

/// <summary>What <see cref="JsonPacketParser"/> accepts from a client.</summary>
public sealed class JsonPacketParserOptions
{
    /// <summary>
    /// How many binary attachments one packet may have. A higher number lets one client hold more unfinished data in memory,
    /// up to this many messages of the size limit; current JavaScript clients refuse more than 10 unless they are told
    /// otherwise. Default: 10.
    /// </summary>
    public int MaxAttachments { get; set; } = 10;

    /// <summary>
    /// How deep arrays and objects may be nested, the array that holds the arguments included. Reading into nested types
    /// takes stack in proportion, so a limit there must be. Default: 256.
    /// </summary>
    public int MaxDepth { get; set; } = 256;
}
