using System.Buffers;
using System.IO.Pipelines;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>Reads the body of one POST up to a size, whatever pieces it comes in.</summary>
internal sealed class PostBody(PipeReader reader, long? announcedLength, int maxBytes)
{
    private const int Reading = 0;
    private const int Read = 1;
    private const int Aborted = 2;
    private const int FirstBufferSize = 4096;

    private int _state = Reading;

    /// <summary>Stops <see cref="ReadAsync"/>, from any thread; without effect once the body has been read.</summary>
    public void Abort()
    {
        if (Interlocked.CompareExchange(ref _state, Aborted, Reading) == Reading) reader.CancelPendingRead();
    }

    /// <summary>Reads to the end of the body.</summary>
    /// <exception cref="IOException">The client went away, or sent something that is no HTTP body.</exception>
    public async Task<Result> ReadAsync()
    {
        if (announcedLength > maxBytes) return Finish(new Result(PostOutcome.TooLarge));

        // What has come is taken out of the server's buffers at once: HTTP/2 lets a client send more only then.
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes, FirstBufferSize));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync();
                if (Volatile.Read(ref _state) == Aborted)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return new Result(PostOutcome.Aborted);
                }

                var size = length + read.Buffer.Length;
                if (size > maxBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return Finish(new Result(PostOutcome.TooLarge));
                }

                if (size > buffer.Length) buffer = Grow(buffer, length, (int)size);
                read.Buffer.CopyTo(buffer.AsSpan(length));
                length = (int)size;
                reader.AdvanceTo(read.Buffer.End);

                if (read.IsCompleted) return Finish(new Result(PostOutcome.Complete, buffer.AsSpan(0, length).ToArray()));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length, int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * buffer.Length));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private Result Finish(Result result) =>
        Interlocked.CompareExchange(ref _state, Read, Reading) == Reading ? result : new Result(PostOutcome.Aborted);

    /// <summary>What came of reading a body.</summary>
    public readonly record struct Result(PostOutcome Outcome, ReadOnlyMemory<byte> Bytes = default);
}

/// <summary>How reading a body ended.</summary>
internal enum PostOutcome
{
    Complete,
    TooLarge,

    /// <summary>The session ended meanwhile.</summary>
    Aborted,
}
