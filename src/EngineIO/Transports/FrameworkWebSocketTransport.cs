using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// A WebSocket that the framework reads, and writes too if its messages are the client's own: compressed, or text where binary is not
/// taken.
/// </summary>
internal sealed class FrameworkWebSocketTransport : WebSocketTransport
{
    private const int ReceiveBufferSize = 4096;

    private readonly WebSocket _socket;
    private readonly SharedWriter? _connection;
    private readonly int? _deflateThreshold;
    private readonly bool _isTextOnly;

    /// <param name="socket">The WebSocket.</param>
    /// <param name="connection">The writing side of the connection under it, if messages may be written to it directly.</param>
    /// <param name="deflateThreshold">From which length messages are compressed, if they are.</param>
    /// <param name="isTextOnly">Whether binary messages go as text.</param>
    /// <param name="context">The request.</param>
    /// <param name="session">The session that it carries, or is to carry.</param>
    /// <param name="services">What all sessions share.</param>
    public FrameworkWebSocketTransport(
        WebSocket socket, SharedWriter? connection, int? deflateThreshold, bool isTextOnly, HttpContext context, Session session,
        SessionServices services)
        : base(context, session, services)
    {
        _socket = socket;
        _connection = connection;
        _deflateThreshold = deflateThreshold;
        _isTextOnly = isTextOnly;
    }

    public override async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            // A read of zero bytes waits without a buffer.
            while (await TakeMessageAsync(await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)))
            {
                // On to the next.
            }

            TakeClose(_socket.CloseStatus);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await FinishAsync(failure);
    }

    protected override ValueTask WriteAsync(Outbox.Batch batch) =>
        _connection is null ? WriteEachAsync(batch) : _connection.WriteAsync(batch);

    protected override ValueTask WriteAsync(EngineIOFrame frame) => WriteAsync(frame, SendFlags.NoCompress);

    // The framework would send the number of "empty", 1005, which must not travel and which clients take for an error.
    protected override Task WriteCloseAsync(WebSocketCloseStatus status) => _socket.CloseOutputAsync(
        status == WebSocketCloseStatus.Empty ? WebSocketCloseStatus.NormalClosure : status, statusDescription: null,
        CancellationToken.None);

    protected override void Release() => _socket.Dispose();

    private async ValueTask WriteEachAsync(Outbox.Batch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var message = batch[i];
            foreach (var frame in message.Frames) await WriteAsync(frame, message.Flags);
        }
    }

    private ValueTask WriteAsync(EngineIOFrame frame, SendFlags flags)
    {
        if (_isTextOnly) frame = PollingPayload.ToText(frame);

        var messageFlags = WebSocketMessageFlags.EndOfMessage;
        if ((flags & SendFlags.NoCompress) != 0 || frame.Payload.Length < _deflateThreshold)
        {
            messageFlags |= WebSocketMessageFlags.DisableCompression;
        }

        var type = frame.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        return _socket.SendAsync(frame.Payload, type, messageFlags, CancellationToken.None);
    }

    /// <summary>Reads the message that has begun to come, and takes it in.</summary>
    /// <param name="received">What the read of zero bytes said.</param>
    /// <returns><see langword="false"/> when the peer has closed.</returns>
    private async ValueTask<bool> TakeMessageAsync(ValueWebSocketReceiveResult received)
    {
        byte[]? buffer = null;
        var length = 0;
        try
        {
            while (received is { EndOfMessage: false, MessageType: not WebSocketMessageType.Close })
            {
                buffer = MakeRoom(buffer, length);
                received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += received.Count;

                if (length > Services.Options.MaxHttpBufferSize && !HasEnded) RefuseOversize();
                if (HasEnded) length = 0;
            }

            if (received.MessageType == WebSocketMessageType.Close) return false;

            // What a peer still sends after the end is read only to come to its close frame.
            if (!HasEnded) await TakeAsync(buffer.AsMemory(0, length), received.MessageType == WebSocketMessageType.Binary);
            return true;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] MakeRoom(byte[]? buffer, int length)
    {
        if (buffer is null) return ArrayPool<byte>.Shared.Rent(ReceiveBufferSize);
        if (length < buffer.Length) return buffer;

        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
