using System.IO.Pipelines;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.EngineIO.Transports;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class SharedWriterTests
{
    private static readonly byte[] Pong = [0x8a, 0];

    [Fact]
    public async Task WriteAsync_OfTwoAtTheSameTime_WritesOneAfterTheOther()
    {
        const int perWriter = 2_000;
        var inner = new OneAtATime();
        var writer = new SharedWriter(PipeWriter.Create(inner));

        await Task.WhenAll(Task.Run(() => WriteManyAsync(writer, perWriter)), Task.Run(() => WriteManyAsync(writer, perWriter)));

        Assert.Equal(0, inner.Overlaps);
        Assert.Equal(2 * perWriter, inner.Writes);
    }

    [Fact]
    public async Task WriteAsync_ThatFails_GivesTheOtherItsTurn()
    {
        var inner = new OneAtATime { Failure = new IOException("gone") };
        var writer = new SharedWriter(PipeWriter.Create(inner));

        await Assert.ThrowsAsync<IOException>(async () => await writer.WriteAsync(Pong));
        inner.Failure = null;
        await writer.WriteAsync(Pong);

        Assert.Equal(1, inner.Writes);
    }

    [Fact]
    public async Task WriteAsync_WhileABatchIsWritten_WaitsForTheEndOfAMessageOnly()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var writer = new SharedWriter(pipe.Writer);
        EngineIOFrame[] message = [new EngineIOFrame(new byte[40_000], isBinary: true)];
        var outbox = new Outbox(long.MaxValue);
        for (var i = 0; i < 3; i++) outbox.TryAdd(message, SendFlags.None);

        var batch = writer.WriteAsync(outbox.Take()).AsTask();
        var pong = writer.WriteAsync(Pong).AsTask();

        Assert.False(batch.IsCompleted);
        var all = new List<byte>();
        while (all.Count < 3 * (40_000 + 4) + Pong.Length)
        {
            var read = await pipe.Reader.ReadAsync();
            foreach (var segment in read.Buffer) all.AddRange(segment.Span);
            pipe.Reader.AdvanceTo(read.Buffer.End);
        }

        await Task.WhenAll(batch, pong);
        byte[] head = [0x82, 126, 40_000 >> 8, 40_000 & 0xff];
        byte[] whole = [.. head, .. new byte[40_000]];
        Assert.Equal([.. whole, .. Pong, .. whole, .. whole], all);
    }

    private static async Task WriteManyAsync(SharedWriter writer, int count)
    {
        for (var i = 0; i < count; i++) await writer.WriteAsync(Pong);
    }

    /// <summary>Notices when a write or flush begins before another has ended.</summary>
    private sealed class OneAtATime : MemoryStream
    {
        private int _running;

        public int Overlaps { get; private set; }

        public int Writes { get; private set; }

        public Exception? Failure { get; set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Failure is not null) throw Failure;
            await RunAsync(Writes % 2 == 0);
            Writes++;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => RunAsync(Writes % 3 == 0);

        private async Task RunAsync(bool isYielding)
        {
            if (Interlocked.Increment(ref _running) > 1) Overlaps++;
            if (isYielding) await Task.Yield();
            Interlocked.Decrement(ref _running);
        }
    }
}
