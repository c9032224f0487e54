using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>A packet stream refused a batch, or could not be opened. Nothing of the batch was taken.</summary>
/// <param name="outcome">Why.</param>
/// <param name="message">The same as a sentence.</param>
public sealed class PacketStreamException(PacketStreamOutcome outcome, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public PacketStreamOutcome Outcome { get; } = outcome;
}
