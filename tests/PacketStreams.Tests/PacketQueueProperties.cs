using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams.Tests;

/// <summary>Whatever publishers and the reader do: order, bounds, and nothing that waits for a reader that nobody wakes.</summary>
public sealed class PacketQueueProperties
{
    private const int MaxBytes = 20_000;
    private const int MaxEnvelopes = 30;
    private const int MaxBytesTaken = 8_000;

    [Fact]
    public void AnySequence_KeepsOrderAndBounds() => Gen.OneOf(
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 4_000]).Select((envelopes, bytes) => new Step(envelopes, bytes)),
        Gen.Const(new Step(0, 0)))
        .Array[1, 200].Sample(Run);

    private static void Run(Step[] steps)
    {
        var queue = new PacketQueue(new PacketQueueLimits(MaxBytes, MaxEnvelopes, MaxBytesTaken), new FakeTimeProvider());
        var model = new Queue<(int Number, int Envelopes)>();
        var isAwake = false;
        for (var i = 0; i < steps.Length; i++)
        {
            var (envelopes, bytes) = steps[i];
            if (envelopes > 0)
            {
                var outcome = queue.Add(Batches.Of(i, envelopes, bytes / envelopes), out var wake);
                if (outcome == PacketStreamOutcome.Accepted)
                {
                    model.Enqueue((i, envelopes));
                }
                else
                {
                    Assert.NotEmpty(model);
                }

                Assert.True(model.Count == 1 || (queue.Bytes <= MaxBytes && model.Sum(batch => batch.Envelopes) <= MaxEnvelopes));
                isAwake |= wake;
            }
            else if (queue.Take() is { } taken)
            {
                foreach (var batch in taken)
                {
                    Assert.Equal(model.Dequeue().Number, Batches.NumberOf(batch));
                }
            }
            else
            {
                Assert.Empty(model);
                isAwake = false;
            }

            Assert.True(model.Count == 0 || isAwake, "Something waits and nobody was told.");
            Assert.True(model.Count > 0 || queue.Bytes == 0);
        }
    }

    private sealed record Step(int Envelopes, int Bytes);
}
