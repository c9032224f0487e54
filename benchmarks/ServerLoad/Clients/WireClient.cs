using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansRooms.ServerLoad.Clients;

/// <summary>
/// A Socket.IO client over WebSocket that costs next to nothing: it enters the main namespace, answers pings and counts the bytes that
/// come. Between two arrivals it holds no buffer.
/// </summary>
internal sealed class WireClient : IDisposable
{
    // With that many addresses of the loopback network there are ports for everybody.
    private const int ClientsPerAddress = 15_000;
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private static ReadOnlySpan<byte> Ping => [0x81, 1, (byte)'2'];

    private readonly Socket _socket;
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private volatile bool _isDisposed;

    private WireClient(Socket socket) => _socket = socket;

    /// <summary>Bytes that came since the client entered.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether the server has closed the connection.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Called with every piece that comes; set before anything is sent.</summary>
    public Action<string>? OnText { get; set; }

    /// <summary>Connects many clients, some at a time.</summary>
    public static async Task<WireClient[]> ConnectAsync(IPEndPoint server, int count, bool reads = true)
    {
        const int atOnce = 100;
        var clients = new WireClient[count];
        for (var i = 0; i < count; i += atOnce)
        {
            await Task.WhenAll(
                Enumerable.Range(i, Math.Min(atOnce, count - i)).Select(async n => clients[n] = await ConnectOneAsync(server, n, reads)));
        }

        return clients;
    }

    /// <summary>Sends text frames, all in one write.</summary>
    public async Task SendAsync(params string[] messages)
    {
        var frames = new MemoryStream();
        foreach (var message in messages) frames.Write(Frame(0x81, Encoding.UTF8.GetBytes(message)));
        await SendRawAsync(frames.ToArray());
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes);

    /// <summary>A frame of a client; its mask is zero, which is a valid mask and spares masking.</summary>
    public static byte[] Frame(byte head, ReadOnlySpan<byte> payload)
    {
        byte[] length = payload.Length <= 125
            ? [(byte)(0x80 | payload.Length)]
            : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        return [head, .. length, 0, 0, 0, 0, .. payload];
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private static async Task<WireClient> ConnectOneAsync(IPEndPoint server, int number, bool reads)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!reads) socket.ReceiveBufferSize = 4096;
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (number / ClientsPerAddress))]), 0));
        var client = new WireClient(socket);
        await socket.ConnectAsync(server);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        var reading = client.ReadAsync(reads);
        await client._entered.Task.WaitAsync(AnswerTimeout);
        _ = reading;
        return client;
    }

    private async Task ReadAsync(bool reads)
    {
        var greeting = new StringBuilder();
        var isEntering = false;
        try
        {
            while (true)
            {
                // Waits without a buffer.
                await _socket.ReceiveAsync(Memory<byte>.Empty);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                var length = await _socket.ReceiveAsync(buffer);
                var text = Read(buffer.AsSpan(0, length), out var hasPing);
                ArrayPool<byte>.Shared.Return(buffer);
                if (length == 0) break;
                if (!_entered.Task.IsCompleted)
                {
                    var received = greeting.Append(text).ToString();
                    if (!isEntering && received.Contains("\r\n\r\n", StringComparison.Ordinal)
                        && received.Contains("0{", StringComparison.Ordinal))
                    {
                        // Not before the server has opened the session: Node.js loses what comes along with the request for the upgrade.
                        isEntering = true;
                        await SendAsync("40");
                    }
                    else if (received.Contains("40{", StringComparison.Ordinal))
                    {
                        _entered.SetResult();
                        if (!reads) return;
                    }

                    continue;
                }

                Interlocked.Add(ref _bytes, length);
                if (text is not null) OnText?.Invoke(text);
                if (hasPing) await SendAsync("3");
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Lost, or disposed of.
        }

        IsLost = !_isDisposed;
        _entered.TrySetException(new IOException($"The server closed the connection: {greeting}"));
    }

    /// <summary>Looks at what has come; text where somebody wants it.</summary>
    private string? Read(ReadOnlySpan<byte> bytes, out bool hasPing)
    {
        // It may come together with other frames.
        hasPing = bytes.IndexOf(Ping) >= 0;
        return OnText is not null || !_entered.Task.IsCompleted ? Encoding.Latin1.GetString(bytes) : null;
    }
}
