using System.Numerics;

namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>
/// How often which latency was seen, in buckets that are at most 1/64 of the value wide. Adding is thread-safe and allocates nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;

    private readonly long[] _counts = new long[(64 - SubBits) << SubBits];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(TimeSpan latency)
    {
        var micros = Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        Interlocked.Increment(ref _counts[IndexOf(micros)]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>What either has seen. Neither may be added to meanwhile.</summary>
    public LatencyHistogram And(LatencyHistogram other)
    {
        var both = new LatencyHistogram { _count = _count + other._count };
        for (var i = 0; i < _counts.Length; i++)
        {
            both._counts[i] = _counts[i] + other._counts[i];
        }

        return both;
    }

    /// <summary>The latency in milliseconds that a part of all, from 0 to 1, does not exceed; NaN without any.</summary>
    public double Percentile(double part)
    {
        var rank = (long)Math.Ceiling(Count * part);
        long seen = 0;
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return UpperBound(i) / 1000.0;
            }
        }

        return double.NaN;
    }

    private static int IndexOf(long value)
    {
        if (value < 1 << SubBits)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)(value >> shift) - (1 << SubBits);
    }

    private static long UpperBound(int index)
    {
        var shift = (index >> SubBits) - 1;
        return shift < 0 ? index : (((index & ((1L << SubBits) - 1)) + (1 << SubBits) + 1) << shift) - 1;
    }
}
