using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Requests;

/// <summary>Writes the responses of long-polling, each with its length and never cached (protocol.md 1.5 and 1.11).</summary>
internal sealed class PollResponse(HttpCompressionOptions? compression)
{
    private const string Gzip = "gzip";
    private const string Deflate = "deflate";

    // Enough to fill network packets, little enough to feel when the client does not read.
    private const int FlushSize = 32 * 1024;

    public static ReadOnlyMemory<byte> Noop { get; } = "6"u8.ToArray();

    public static ReadOnlyMemory<byte> Close { get; } = "1"u8.ToArray();

    public static ReadOnlyMemory<byte> NoopAndClose { get; } = "6\u001e1"u8.ToArray();

    public static ReadOnlyMemory<byte> PostTaken { get; } = "ok"u8.ToArray();

    /// <summary>Answers a GET with these bytes.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> payload)
    {
        Begin(context, "text/plain; charset=UTF-8", payload.Length);
        await context.Response.BodyWriter.WriteAsync(payload);
    }

    /// <summary>Answers a POST.</summary>
    public static async Task WritePostTakenAsync(HttpContext context)
    {
        // Some content type has to be there, and of text/html browsers ask no second time across origins.
        Begin(context, "text/html", PostTaken.Length);
        await context.Response.BodyWriter.WriteAsync(PostTaken);
    }

    /// <summary>Answers a GET with a batch of packets, compressed when that is worth it and the client wants it.</summary>
    /// <returns>Whether the client was there until the last bytes were on their way.</returns>
    public async Task<bool> TryWriteAsync(HttpContext context, Outbox.Batch batch)
    {
        var size = Measure(batch, out var mayCompress);
        if (mayCompress && size >= compression?.Threshold && ChooseEncoding(context.Request) is { } encoding)
        {
            return await TryWriteCompressedAsync(context, batch, encoding);
        }

        Begin(context, "text/plain; charset=UTF-8", size);
        var writer = context.Response.BodyWriter;
        var isFirst = true;
        for (var i = 0; i < batch.Count; i++)
        {
            if (writer.CanGetUnflushedBytes && writer.UnflushedBytes > FlushSize) await writer.FlushAsync();

            foreach (var frame in batch[i].Frames)
            {
                PollingPayload.Append(writer, frame, isFirst);
                isFirst = false;
            }
        }

        return await TryFinishAsync(context);
    }

    private static long Measure(Outbox.Batch batch, out bool mayCompress)
    {
        long size = -1;
        mayCompress = false;
        for (var i = 0; i < batch.Count; i++)
        {
            mayCompress |= (batch[i].Flags & SendFlags.NoCompress) == 0;
            foreach (var frame in batch[i].Frames) size += 1 + PollingPayload.GetSize(frame);
        }

        return size;
    }

    private static async Task<bool> TryWriteCompressedAsync(HttpContext context, Outbox.Batch batch, string encoding)
    {
        using var compressed = new MemoryStream();
        await using (Stream compressor = encoding == Gzip
            ? new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var piece = new ArrayBufferWriter<byte>(FlushSize);
            var isFirst = true;
            for (var i = 0; i < batch.Count; i++)
            {
                foreach (var frame in batch[i].Frames)
                {
                    PollingPayload.Append(piece, frame, isFirst);
                    isFirst = false;
                    compressor.Write(piece.WrittenSpan);
                    piece.ResetWrittenCount();
                }
            }
        }

        context.Response.Headers.ContentEncoding = encoding;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        Begin(context, "text/plain; charset=UTF-8", compressed.Length);
        context.Response.BodyWriter.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        return await TryFinishAsync(context);
    }

    /// <summary>Hands on the last bytes of an answer.</summary>
    private static async Task<bool> TryFinishAsync(HttpContext context)
    {
        // Writing to a client that has gone does not throw. From here on it says nothing that a client closes its connection: those that
        // use each for one request do so with the last byte, before the server has gone on.
        var isThere = !context.RequestAborted.IsCancellationRequested;
        await context.Response.BodyWriter.FlushAsync();
        return isThere;
    }

    private static void Begin(HttpContext context, string contentType, long length)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = contentType;
        response.ContentLength = length;
        response.Headers.CacheControl = "no-store";

        // Old Internet Explorers take long payloads for an attack.
        var userAgent = context.Request.Headers.UserAgent.ToString();
        if (userAgent.Contains(";MSIE", StringComparison.Ordinal) || userAgent.Contains("Trident/", StringComparison.Ordinal))
        {
            response.Headers.XXSSProtection = "0";
        }
    }

    /// <summary>The encoding that the client likes best; gzip when it likes both as much.</summary>
    private static string? ChooseEncoding(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)) return null;

        double gzip = -1, deflate = -1, any = 0;
        foreach (var value in accepted)
        {
            var quality = value.Quality ?? 1;
            if (value.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase)) gzip = quality;
            else if (value.Value.Equals(Deflate, StringComparison.OrdinalIgnoreCase)) deflate = quality;
            else if (value.Value.Equals("*", StringComparison.Ordinal)) any = quality;
        }

        if (gzip < 0) gzip = any;
        if (deflate < 0) deflate = any;
        if (gzip > 0 && gzip >= deflate) return Gzip;
        return deflate > 0 ? Deflate : null;
    }
}
