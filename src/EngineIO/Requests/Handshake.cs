using System.Buffers;
using System.Text.Json;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>The open packet, which tells the client its session id and the server's limits (Engine.IO protocol 4, "Handshake").</summary>
internal sealed class Handshake(EngineIOOptions options)
{
    private readonly EngineIOFrame? _initialPacket =
        options.InitialPacket is { } data ? EngineIOFrame.Text(EngineIOPacketType.Message, data) : null;

    /// <summary>The frames with which a session begins: the open packet and, if there is one, the initial message.</summary>
    public EngineIOFrame[] Create(string sessionId, EngineTransport transport)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([(byte)('0' + (int)EngineIOPacketType.Open)]);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("sid"u8, sessionId);
            json.WriteStartArray("upgrades"u8);
            if (transport == EngineTransport.Polling && options.AllowUpgrades && options.Transports.HasFlag(EngineTransport.WebSocket))
            {
                json.WriteStringValue(TransportNames.WebSocket);
            }

            json.WriteEndArray();
            json.WriteNumber("pingInterval"u8, (long)options.PingInterval.TotalMilliseconds);
            json.WriteNumber("pingTimeout"u8, (long)options.PingTimeout.TotalMilliseconds);
            json.WriteNumber("maxPayload"u8, options.MaxHttpBufferSize);
            json.WriteEndObject();
        }

        var open = new EngineIOFrame(output.WrittenMemory, isBinary: false);
        return _initialPacket is null ? [open] : [open, _initialPacket];
    }
}
