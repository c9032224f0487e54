using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>Gets each event that a client receives, as it is on the wire. Called by one task at a time.</summary>
internal delegate void EventReceived(ReadOnlySpan<byte> message);

/// <summary>
/// One Socket.IO client over WebSocket, as lean as it can be: it shares the machine with the servers. Answers pings, awaits acks one at a
/// time, hands out events.
/// </summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly byte[] Pong = "3"u8.ToArray();
    private static readonly byte[] Connect = "40"u8.ToArray();

    private readonly Socket _socket;
    private readonly EventReceived _onEvent;
    private readonly Lock _writing = new();
    private readonly byte[] _output = new byte[1024];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _acked;
    private volatile bool _isDisposed;

    private WireClient(Socket socket, EventReceived onEvent)
    {
        _socket = socket;
        _onEvent = onEvent;
    }

    /// <summary>Whether the server, or its death, has ended the connection.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Connects to a node and enters the main namespace.</summary>
    public static async Task<WireClient> ConnectAsync(IPEndPoint node, EventReceived onEvent)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var client = new WireClient(socket, onEvent);
        try
        {
            await socket.ConnectAsync(node);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                + $"Host: {node}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
            _ = client.ReadAsync();
            await client._connected.Task.WaitAsync(AnswerTimeout);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a message that asks for an ack and waits for it.</summary>
    public async Task RequestAsync(byte[] message)
    {
        var acked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _acked = acked;
        Send(message);
        await acked.Task.WaitAsync(AnswerTimeout);
    }

    /// <summary>Publishes the next message of a publisher to a room. Blocks while the server does not read.</summary>
    /// <returns><see langword="false"/> when the connection is gone.</returns>
    public bool Publish(int publisher, int room, long number, long timestamp)
    {
        lock (_writing)
        {
            var length = ProbeMessages.WritePublish(_output.AsSpan(WireFrames.LongestHead), publisher, room, number, timestamp);
            return TrySendOutput(length);
        }
    }

    /// <summary>Sends one message after the other, as fast as the server reads. Blocks.</summary>
    /// <param name="message">Makes the message with a number.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="enough">Ends it.</param>
    /// <returns>How many were sent.</returns>
    public long Flood(Func<long, ReadOnlyMemory<byte>> message, long first, CancellationToken enough)
    {
        byte[] frame = [];
        for (long sent = 0; ; sent++)
        {
            var next = message(first + sent).Span;
            if (frame.Length < WireFrames.LongestHead + next.Length)
            {
                frame = new byte[WireFrames.LongestHead + next.Length];
            }

            var head = WireFrames.WriteTextHead(frame, next.Length);
            next.CopyTo(frame.AsSpan(head));
            if (enough.IsCancellationRequested || !TrySend(frame.AsSpan(0, head + next.Length)))
            {
                return sent;
            }
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private void Send(byte[] message)
    {
        lock (_writing)
        {
            message.CopyTo(_output.AsSpan(WireFrames.LongestHead));
            TrySendOutput(message.Length);
        }
    }

    private bool TrySendOutput(int length)
    {
        // The head goes right before the payload, however long it is.
        Span<byte> head = stackalloc byte[WireFrames.LongestHead];
        var headLength = WireFrames.WriteTextHead(head, length);
        var start = WireFrames.LongestHead - headLength;
        head[..headLength].CopyTo(_output.AsSpan(start));
        return TrySend(_output.AsSpan(start, headLength + length));
    }

    private bool TrySend(ReadOnlySpan<byte> frame)
    {
        try
        {
            _socket.Send(frame);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var buffer = new byte[16 * 1024];
            var filled = await ReadUpgradeAsync(buffer);
            while (true)
            {
                var used = 0;
                while (WireFrames.TryRead(buffer.AsSpan(used, filled - used), out var isText, out var payload, out var length))
                {
                    if (isText)
                    {
                        Take(buffer.AsSpan(used, length)[payload]);
                    }

                    used += length;
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                var received = await _socket.ReceiveAsync(buffer.AsMemory(filled));
                if (received == 0)
                {
                    throw new EndOfStreamException("The server closed the connection.");
                }

                filled += received;
            }
        }
        catch (Exception exception)
        {
            IsLost = !_isDisposed;
            _connected.TrySetException(exception);
            _acked?.TrySetException(exception);
        }
    }

    // Returns how much of what follows the response is in the buffer already.
    private async Task<int> ReadUpgradeAsync(byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.AsMemory(filled));
            filled += received;
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0 && buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
            {
                var rest = filled - (end + 4);
                buffer.AsSpan(end + 4, rest).CopyTo(buffer);
                return rest;
            }

            if (received == 0 || end >= 0)
            {
                throw new InvalidDataException($"The server refused the WebSocket: {Encoding.UTF8.GetString(buffer, 0, filled)}");
            }
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        switch (message)
        {
            case [(byte)'4', (byte)'2', ..]:
                _onEvent(message);
                break;
            case [(byte)'4', (byte)'3', ..]:
                _acked?.TrySetResult();
                break;
            case [(byte)'2']:
                Send(Pong);
                break;
            case [(byte)'0', ..]:
                Send(Connect);
                break;
            case [(byte)'4', (byte)'0', ..]:
                _connected.TrySetResult();
                break;
            case [(byte)'4', (byte)'4', ..]:
                _connected.TrySetException(new InvalidDataException("The server refused the namespace."));
                break;
        }
    }
}
