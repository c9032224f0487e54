using CsCheck;
using OrleansRooms.EngineIO.Sessions;
using OrleansRooms.Protocol.EngineIO;

namespace OrleansRooms.EngineIO.Tests.Sessions;

public sealed class OutboxTests
{
    [Fact]
    public void Take_ReturnsEverythingInOrderAndLeavesNothing()
    {
        var outbox = new Outbox(maxBytes: 1_000_000);
        var messages = Enumerable.Range(0, 100).Select(i => new[] { Frame(i) }).ToArray();
        foreach (var message in messages) Assert.True(outbox.TryAdd(message, SendFlags.None));

        var batch = outbox.Take();

        Assert.Equal(messages, Enumerable.Range(0, batch.Count).Select(i => batch[i].Frames));
        Assert.True(outbox.IsEmpty);
        outbox.Return(batch);
        Assert.Equal(0, outbox.Bytes);
    }

    [Fact]
    public void Bytes_OfABatchThatIsOut_StillCount()
    {
        var outbox = new Outbox(maxBytes: 1_000);
        outbox.TryAdd([Frame(600)], SendFlags.None);

        var batch = outbox.Take();

        Assert.True(outbox.TryAdd([Frame(600)], SendFlags.None));
        Assert.False(outbox.TryAdd([Frame(600)], SendFlags.None));
        outbox.Return(batch);
        Assert.True(outbox.TryAdd([Frame(600)], SendFlags.None));
    }

    [Theory]
    [InlineData(50_000, 100)]
    [InlineData(100, 50_000)]
    [InlineData(900, 50_000)]
    public void LargestMessage_DoesNotCount(int first, int second)
    {
        var outbox = new Outbox(maxBytes: 1_000);

        Assert.True(outbox.TryAdd([Frame(first)], SendFlags.None));
        Assert.True(outbox.TryAdd([Frame(second)], SendFlags.None));
        Assert.False(outbox.TryAdd([Frame(969)], SendFlags.None));

        // It counts when it is there no more.
        outbox.Return(outbox.Take());
        Assert.True(outbox.TryAdd([Frame(500)], SendFlags.None));
        Assert.True(outbox.TryAdd([Frame(500)], SendFlags.None));
        Assert.False(outbox.TryAdd([Frame(500)], SendFlags.None));
    }

    [Fact]
    public void TinyFrames_CountMoreThanTheirBytes()
    {
        var outbox = new Outbox(maxBytes: 32_000);
        var added = 0;
        while (outbox.TryAdd([Frame(0)], SendFlags.None)) added++;

        // One of them is the largest.
        Assert.Equal(1_001, added);
    }

    /// <summary>Whatever is added, taken, returned and cleared: order holds, the limit holds, and the count of bytes is exact.</summary>
    [Fact]
    public void Outbox_UnderAnySequence_AgreesWithAPlainQueue()
    {
        const int Limit = 2_000;
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 900]).Array[1, 300].Sample(steps =>
        {
            var outbox = new Outbox(Limit);
            var waiting = new Queue<EngineIOFrame>();
            Outbox.Batch? batch = null;
            List<EngineIOFrame> isOut = [];
            long largest = 0;

            foreach (var (action, size) in steps)
            {
                switch (action)
                {
                    case <= 6:
                        var frame = Frame(size);
                        var before = Size(waiting) + Size(isOut);
                        var largestNow = Math.Max(before == 0 ? 0 : largest, Size([frame]));
                        var fits = before + Size([frame]) - largestNow <= Limit;
                        Assert.Equal(fits, outbox.TryAdd([frame], SendFlags.NoCompress));
                        if (fits)
                        {
                            waiting.Enqueue(frame);
                            largest = largestNow;
                        }

                        break;
                    case 7 when batch is null:
                        var taken = outbox.Take();
                        batch = taken;
                        isOut = [.. waiting];
                        waiting.Clear();
                        Assert.Equal(isOut, Enumerable.Range(0, taken.Count).Select(i => taken[i].Frames[0]));
                        break;
                    case 8 when batch is { } done:
                        outbox.Return(done);
                        batch = null;
                        isOut.Clear();
                        break;
                    case 9:
                        outbox.Clear();
                        waiting.Clear();
                        break;
                    default:
                        break;
                }

                Assert.Equal(Size(waiting) + Size(isOut), outbox.Bytes);
                Assert.Equal(waiting.Count == 0, outbox.IsEmpty);
            }
        });
    }

    private static long Size(IEnumerable<EngineIOFrame> frames) => frames.Sum(frame => (long)frame.Payload.Length + Outbox.FrameOverhead);

    private static EngineIOFrame Frame(int size) => new(new byte[size], isBinary: true);
}
