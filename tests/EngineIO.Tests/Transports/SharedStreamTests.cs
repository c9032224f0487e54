using OrleansRooms.EngineIO.Transports;

namespace OrleansRooms.EngineIO.Tests.Transports;

public sealed class SharedStreamTests
{
    [Fact]
    public async Task WriteAsync_OfTwoAtTheSameTime_WritesOneAfterTheOther()
    {
        const int perWriter = 2_000;
        var inner = new OneAtATime();
        await using var stream = new SharedStream(inner);

        await Task.WhenAll(Task.Run(() => WriteManyAsync(stream, perWriter)), Task.Run(() => WriteManyAsync(stream, perWriter)));

        Assert.Equal(0, inner.Overlaps);
        Assert.Equal(2 * perWriter, inner.Writes);
    }

    [Fact]
    public async Task WriteAsync_ThatFails_GivesTheOtherItsTurn()
    {
        var inner = new OneAtATime { Failure = new IOException("gone") };
        await using var stream = new SharedStream(inner);

        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]));
        inner.Failure = null;
        await stream.WriteAsync(new byte[1]);
        await stream.FlushAsync();

        Assert.Equal(1, inner.Writes);
    }

    private static async Task WriteManyAsync(SharedStream stream, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await stream.WriteAsync(new byte[1]);
            if (i % 3 == 0) await stream.FlushAsync();
        }
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

        public override Task FlushAsync(CancellationToken cancellationToken) => RunAsync(isYielding: true);

        private async Task RunAsync(bool isYielding)
        {
            if (Interlocked.Increment(ref _running) > 1) Overlaps++;
            if (isYielding) await Task.Yield();
            Interlocked.Decrement(ref _running);
        }
    }
}
