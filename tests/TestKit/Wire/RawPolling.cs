using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OrleansRooms.TestKit.Wire;

/// <summary>An Engine.IO client over long-polling that does only what a test tells it, and shows the bytes.</summary>
public sealed class RawPolling : IDisposable
{
    private const char Separator = '\u001e';

    private readonly HttpClient _http;
    private readonly Queue<string> _received = [];

    private RawPolling(HttpClient http, string sessionUrl, JsonElement handshake)
    {
        _http = http;
        SessionUrl = sessionUrl;
        Handshake = handshake;
    }

    /// <summary>The path and query of the session's requests.</summary>
    public string SessionUrl { get; }

    /// <summary>What the server's open packet says.</summary>
    public JsonElement Handshake { get; }

    /// <summary>The session id.</summary>
    public string Sid => Handshake.GetProperty("sid").GetString()!;

    /// <summary>Opens a session.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="path">Where Engine.IO is mapped.</param>
    public static async Task<RawPolling> OpenAsync(Uri server, string path = "/socket.io/")
    {
        var http = new HttpClient { BaseAddress = server, Timeout = Inbox<string>.DefaultTimeout };
        var url = $"{path}?EIO=4&transport=polling";
        var body = await http.GetStringAsync(url);
        var packets = body.Split(Separator);
        if (packets[0] is not ['0', .. var json])
        {
            throw new InvalidOperationException($"The server did not open the session but answered {body}");
        }

        using var document = JsonDocument.Parse(json);
        var handshake = document.RootElement.Clone();
        var polling = new RawPolling(http, $"{url}&sid={handshake.GetProperty("sid").GetString()}", handshake);
        polling.Keep(packets.AsSpan(1));
        return polling;
    }

    /// <summary>Sends a poll and returns the response as it is.</summary>
    public Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync(SessionUrl, cancellationToken);

    /// <summary>Posts a body and returns the response as it is.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, string contentType = "text/plain; charset=UTF-8") =>
        PostAsync(Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Posts bytes and returns the response as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(byte[] body, string contentType = "text/plain; charset=UTF-8")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await _http.PostAsync(SessionUrl, content);
    }

    /// <summary>Posts packets as one payload and expects the server to take them.</summary>
    public async Task SendAsync(params string[] packets)
    {
        using var response = await PostAsync(string.Join(Separator, packets));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The next packet of the server, polling as often as it takes; a ping is answered and not returned.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            if (_received.TryDequeue(out var packet))
            {
                if (packet != "2")
                {
                    return packet;
                }

                await SendAsync("3");
                continue;
            }

            using var response = await GetAsync();
            response.EnsureSuccessStatusCode();
            Keep((await response.Content.ReadAsStringAsync()).Split(Separator));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private void Keep(ReadOnlySpan<string> packets)
    {
        foreach (var packet in packets)
        {
            _received.Enqueue(packet);
        }
    }
}
