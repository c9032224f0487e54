namespace OrleansRooms.PacketStreams;

/// <summary>How much may wait in a <see cref="PacketQueue"/>, and how much of it leaves at once.</summary>
/// <param name="MaxBytes">How many bytes may wait; a batch that is larger by itself is taken when nothing else waits.</param>
/// <param name="MaxEnvelopes">How many envelopes may wait.</param>
/// <param name="MaxBytesTaken">
/// How many bytes leave at once, but always one batch: what travels together arrives together, and late.
/// </param>
internal readonly record struct PacketQueueLimits(long MaxBytes, int MaxEnvelopes, long MaxBytesTaken);
