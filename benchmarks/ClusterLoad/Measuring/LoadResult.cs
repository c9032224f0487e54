namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>What one load did and cost.</summary>
internal sealed record LoadResult
{
    /// <summary>Messages per second that were to be sent.</summary>
    public required double Rate { get; init; }

    public required long Sent { get; init; }

    /// <summary>Messages per second that were sent: fewer when a server did not read fast enough.</summary>
    public required double SentPerSecond { get; init; }

    public required DeliveryCount Deliveries { get; init; }

    /// <summary>Deliveries per second, up to the moment at which all had come or were not waited for any longer.</summary>
    public required double DeliveredPerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>The latency of the delivery that took longest.</summary>
    public required double Longest { get; init; }

    /// <summary>Processor time of all server processes.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Over how much time that was measured.</summary>
    public required double Seconds { get; init; }

    public required double GeneratorCpuSeconds { get; init; }

    public required double Megabytes { get; init; }

    public required int LostConnections { get; init; }

    /// <summary>Microseconds of processor time for each message sent, or each delivery; without what would have been used anyway.</summary>
    public double CpuMicrosPerMessage(double idleCores = 0) => (CpuSeconds - (idleCores * Seconds)) * 1e6 / Math.Max(1, Sent);

    /// <inheritdoc cref="CpuMicrosPerMessage"/>
    public double CpuMicrosPerDelivery(double idleCores = 0) =>
        (CpuSeconds - (idleCores * Seconds)) * 1e6 / Math.Max(1, Deliveries.Expected - Deliveries.Missing);

    public override string ToString() =>
        $"{Rate:F0}/s for {Seconds:F1} s: sent {Sent}, of {Deliveries.Expected} deliveries {Deliveries.Missing} missing, {Deliveries.Doubled} doubled, "
        + $"{Deliveries.Reordered} reordered; p50 {P50:F2} ms, p99 {P99:F2} ms; {CpuMicrosPerDelivery():F1} us/delivery, {CpuMicrosPerMessage():F0} us/message; "
        + $"{Megabytes:F0} MB; generator {GeneratorCpuSeconds:F2} s"
        + (LostConnections > 0 ? $"; {LostConnections} connections lost" : "");
}
