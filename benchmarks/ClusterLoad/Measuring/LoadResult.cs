namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>What one load did and cost.</summary>
internal sealed record LoadResult
{
    /// <summary>Messages per second that were to be sent.</summary>
    public required double Rate { get; init; }

    public required long Sent { get; init; }

    /// <summary>Over how much time they were sent.</summary>
    public required double SendingSeconds { get; init; }

    /// <summary>Messages per second that were sent: fewer when a server did not read fast enough.</summary>
    public double SentPerSecond => Sent / SendingSeconds;

    public required DeliveryCount Deliveries { get; init; }

    /// <summary>Deliveries per second, up to the moment at which all had come or were not waited for any longer.</summary>
    public double DeliveredPerSecond => Deliveries.Made / Seconds;

    public required LatencyHistogram Latencies { get; init; }

    /// <summary>Latencies in milliseconds that half of the deliveries, and 99 of 100, do not exceed.</summary>
    public double P50 => Latencies.Percentile(0.50);

    /// <inheritdoc cref="P50"/>
    public double P99 => Latencies.Percentile(0.99);

    /// <summary>The latency of the delivery that took longest.</summary>
    public double Longest => Latencies.Percentile(1);

    /// <summary>Processor time of all server processes.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Over how much time that was measured: until all had come or were not waited for any longer.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many cores the servers use while nobody sends, where that was measured.</summary>
    public double IdleCores { get; init; }

    public required double GeneratorCpuSeconds { get; init; }

    public required double Megabytes { get; init; }

    public required int LostConnections { get; init; }

    /// <summary>Microseconds of processor time for each message sent.</summary>
    public double CpuMicrosPerMessage() => CpuSeconds * 1e6 / Math.Max(1, Sent);

    /// <summary>The same without what would have been used anyway.</summary>
    public double CpuMicrosPerMessageBeyondIdle() => (CpuSeconds - (IdleCores * Seconds)) * 1e6 / Math.Max(1, Sent);

    /// <summary>Microseconds of processor time for each delivery.</summary>
    public double CpuMicrosPerDelivery() => CpuSeconds * 1e6 / Math.Max(1, Deliveries.Made);

    /// <summary>This and what the same load did and cost later on.</summary>
    public LoadResult And(LoadResult later) => later with
    {
        Sent = Sent + later.Sent,
        SendingSeconds = SendingSeconds + later.SendingSeconds,
        Deliveries = Deliveries + later.Deliveries,
        Latencies = Latencies.And(later.Latencies),
        CpuSeconds = CpuSeconds + later.CpuSeconds,
        Seconds = Seconds + later.Seconds,
        GeneratorCpuSeconds = GeneratorCpuSeconds + later.GeneratorCpuSeconds,
    };

    public override string ToString() =>
        $"{Rate:F0}/s for {Seconds:F1} s: sent {Sent}, of {Deliveries.Expected} deliveries {Deliveries.Missing} missing, "
        + $"{Deliveries.Doubled} doubled, "
        + $"{Deliveries.Reordered} reordered; p50 {P50:F2} ms, p99 {P99:F2} ms; {CpuMicrosPerDelivery():F1} us/delivery, "
        + $"{CpuMicrosPerMessage():F0} us/message; "
        + $"{Megabytes:F0} MB; generator {GeneratorCpuSeconds:F2} s"
        + (LostConnections > 0 ? $"; {LostConnections} connections lost" : "");
}
