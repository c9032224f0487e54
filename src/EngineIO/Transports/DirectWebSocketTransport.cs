using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// A WebSocket of which only the handshake was the framework's: both directions go straight to the connection. What the framework would
/// keep to wait for the next message is a kilobyte for each connection (docs/decisions/0014).
/// </summary>
internal sealed class DirectWebSocketTransport : WebSocketTransport
{
    private readonly PipeReader _input;
    private readonly SharedWriter _output;
    private readonly MessageReader _reader;

    /// <param name="connection">The connection, which is the request's own until <see cref="RunAsync"/> completes.</param>
    /// <param name="context">The request.</param>
    /// <param name="session">The session that it carries, or is to carry.</param>
    /// <param name="services">What all sessions share.</param>
    public DirectWebSocketTransport(IDuplexPipe connection, HttpContext context, Session session, SessionServices services)
        : base(context, session, services)
    {
        _input = connection.Input;
        _output = new SharedWriter(connection.Output);
        _reader = new MessageReader(services.Options.MaxHttpBufferSize);
    }

    public override async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            while (await TakeAsync(await _input.ReadAsync()))
            {
                // On to what comes next.
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await FinishAsync(failure);
    }

    protected override ValueTask WriteAsync(Outbox.Batch batch) => _output.WriteAsync(batch);

    protected override ValueTask WriteAsync(EngineIOFrame frame) =>
        _output.WriteAsync(frame.IsBinary ? MessageWriter.Binary(frame.Payload.Span) : MessageWriter.Text(frame.Payload.Span));

    protected override Task WriteCloseAsync(WebSocketCloseStatus status) => _output.WriteAsync(MessageWriter.Close(status)).AsTask();

    protected override void Release() => _reader.Release();

    /// <summary>Takes in every message that is complete.</summary>
    /// <returns><see langword="false"/> when the peer has closed.</returns>
    private async ValueTask<bool> TakeAsync(ReadResult read)
    {
        var bytes = read.Buffer;
        try
        {
            while (_reader.TryRead(ref bytes, out var message))
            {
                switch (message.Kind)
                {
                    case ClientMessageKind.Close:
                        TakeClose(message.Status);
                        return false;
                    case ClientMessageKind.Ping when !HasEnded:
                        await _output.WriteAsync(MessageWriter.Pong(message.Payload.Span));
                        break;
                    case ClientMessageKind.TooBig:
                        RefuseOversize();
                        break;
                    case ClientMessageKind.Text or ClientMessageKind.Binary:
                        await TakeAsync(message.Payload, message.Kind == ClientMessageKind.Binary);
                        break;
                    default:
                        // A pong, or a ping that comes too late for an answer.
                        break;
                }

                // What a peer still sends after the end is read only to come to its close frame.
                if (HasEnded) _reader.Discard();
            }
        }
        finally
        {
            _input.AdvanceTo(bytes.Start, bytes.End);
        }

        // The connection is gone, or the server stops and wants its requests to end.
        return read is { IsCompleted: false, IsCanceled: false }
            ? true
            : throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
    }
}
