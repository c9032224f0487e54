using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using CsCheck;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class MessageWriterTests
{
    // Lengths around those at which a head grows, a piece is full, or a block of the pipe ends.
    private static readonly Gen<int> Length = Gen.OneOf(
        Gen.Int[0, 300], Gen.Int[4_080, 4_110], Gen.Int[MessageWriter.LargestPiece - 20, MessageWriter.LargestPiece + 20],
        Gen.Int[65_530, 65_540], Gen.Int[0, 100_000]);

    private static readonly Gen<EngineIOFrame> Frame = Gen.Select(Length, Gen.Bool, Gen.Byte, (length, isBinary, first) =>
    {
        var payload = new byte[length];
        for (var i = 0; i < length; i++) payload[i] = (byte)(first + i);
        return new EngineIOFrame(payload, isBinary);
    });

    [Fact]
    public Task WriteAsync_OfAnyBatch_WritesEachFrameOnceAndInOrder() =>
        Frame.Array[1, 4].Array[1, 12].SampleAsync(async messages =>
        {
            var batch = BatchOf(messages);
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));

            for (var next = 0; next < batch.Count;)
            {
                var before = next;
                next = await MessageWriter.WriteAsync(pipe.Writer, batch, next);
                Assert.True(next > before);
                Assert.Equal(0, pipe.Writer.UnflushedBytes);
            }

            await pipe.Writer.CompleteAsync();
            ReadOnlyMemory<byte> bytes = await ReadAllAsync(pipe.Reader);
            foreach (var frame in messages.SelectMany(message => message)) bytes = Take(bytes, frame);
            Assert.True(bytes.IsEmpty);
        }, iter: 300);

    [Fact]
    public async Task WriteAsync_ToAConnectionThatTakesNothing_HandsOverOnePiece()
    {
        EngineIOFrame[] message =
        [
            .. Enumerable.Repeat(new EngineIOFrame(new byte[1_000], isBinary: true), 500),
            new EngineIOFrame(new byte[500_000], isBinary: true),
        ];
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));

        var writing = MessageWriter.WriteAsync(pipe.Writer, BatchOf(message), 0).AsTask();
        Assert.False(writing.IsCompleted);

        for (long left = (500 * (1_000 + 4)) + 500_000 + 10; left > 0;)
        {
            var length = await ReadPieceAsync(pipe.Reader);
            Assert.InRange(length, 1, MessageWriter.LargestPiece + 20);
            left -= length;
        }

        await writing;
    }

    [Fact]
    public async Task WriteAsync_OfVeryManyEmptyMessages_StopsWhenTheirHeadsMakeAPiece()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));

        var next = await MessageWriter.WriteAsync(
            pipe.Writer, BatchOf([.. Enumerable.Repeat<EngineIOFrame[]>([new EngineIOFrame(default, isBinary: true)], 20_000)]), 0);

        Assert.Equal(MessageWriter.LargestPiece / 2, next);
    }

    private static Outbox.Batch BatchOf(params EngineIOFrame[][] messages)
    {
        var outbox = new Outbox(long.MaxValue);
        foreach (var message in messages) outbox.TryAdd(message, SendFlags.None);
        return outbox.Take();
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, EngineIOFrame expected)
    {
        var span = bytes.Span;
        Assert.Equal(expected.IsBinary ? 0x82 : 0x81, span[0]);
        var (length, head) = span[1] switch
        {
            126 => (BinaryPrimitives.ReadUInt16BigEndian(span[2..]), 4),
            127 => (checked((int)BinaryPrimitives.ReadUInt64BigEndian(span[2..])), 10),
            var small => (small, 2),
        };
        Assert.Equal(expected.Payload.Length, length);
        Assert.True(expected.Payload.Span.SequenceEqual(span.Slice(head, length)));
        return bytes[(head + length)..];
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted) return read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<long> ReadPieceAsync(PipeReader reader)
    {
        var read = await reader.ReadAsync();
        var length = read.Buffer.Length;
        reader.AdvanceTo(read.Buffer.End);
        return length;
    }
}
