using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OrleansRooms.TestKit;

namespace OrleansRooms.EngineIO.Tests.Wire;

/// <summary>A TCP connection on which a test writes HTTP/1.1 byte by byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects; a given size keeps the system from taking much that nobody reads.</summary>
    public static async Task<RawConnection> OpenAsync(Uri address, int? receiveBufferSize = null)
    {
        var client = new TcpClient { NoDelay = true };
        if (receiveBufferSize is { } size) client.ReceiveBufferSize = size;
        await client.ConnectAsync(address.Host, address.Port);
        return new RawConnection(client);
    }

    public async Task WriteAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a request without a body.</summary>
    public Task WriteRequestAsync(string method, string target, params string[] headers) =>
        WriteAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>Writes a well-formed WebSocket handshake.</summary>
    public Task WriteWebSocketHandshakeAsync(string target, params string[] headers) => WriteRequestAsync(
        "GET",
        target,
        [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            .. headers,
        ]);

    /// <summary>Reads one response; its body, if it has a length.</summary>
    public async Task<RawResponse> ReadResponseAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await ReadAsync(1))[0]);

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToLookup(
            pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var length = headers["Content-Length"].FirstOrDefault();
        var body = length is null ? [] : await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture));
        return new RawResponse(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(body));
    }

    /// <summary>Reads bytes, for example of a WebSocket frame.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Inbox<int>.DefaultTimeout);
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, limit.Token);
        return bytes;
    }

    /// <summary>Reads a frame of a WebSocket, whatever its length.</summary>
    public async Task<(byte Head, byte[] Payload)> ReadFrameAsync()
    {
        var head = await ReadAsync(2);
        var length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)),
            127 => BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(8)),
            _ => head[1],
        };
        return (head[0], await ReadAsync(checked((int)length)));
    }

    /// <summary>Reads until the server closes the connection; what it still sent.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Inbox<int>.DefaultTimeout);
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest, limit.Token);
        }
        catch (IOException)
        {
            // Cut rather than closed.
        }

        return rest.ToArray();
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>A response as it stood on the wire.</summary>
internal sealed record RawResponse(int Status, ILookup<string, string> Headers, string Body);
