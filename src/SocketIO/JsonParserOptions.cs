using System.Text.Json;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO;

/// <summary>How arguments are written as JSON and read from it.</summary>
public sealed class JsonParserOptions
{
    /// <summary>
    /// How .NET values become JSON and the other way round. Default: <see cref="JsonSerializerDefaults.Web"/>, that is, camel case names
    /// and numbers also from text.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// How many binary attachments one packet may have, in both directions. A higher number lets one client hold more unfinished data in
    /// memory; JavaScript clients refuse more than 10 unless they are told otherwise. Default: 10.
    /// </summary>
    public int MaxAttachments { get; set; } = 10;

    /// <summary>
    /// How deep arrays and objects from a client may be nested, the array that holds the arguments included. Reading into nested types
    /// takes stack in proportion, so a limit there must be. Default: 256.
    /// </summary>
    public int MaxDepth { get; set; } = 256;

    internal JsonPacketParser CreateParser() => new(new JsonPacketParserOptions { MaxAttachments = MaxAttachments, MaxDepth = MaxDepth });

    internal PacketSerializer CreateSerializer() => new(SerializerOptions, MaxAttachments);
}
