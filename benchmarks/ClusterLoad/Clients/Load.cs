using OrleansRooms.ClusterLoad.Measuring;
using OrleansRooms.ClusterLoad.Servers;

namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>Sends at a rate, and sees what comes of it.</summary>
internal sealed class Load(ServerGroup servers, Audience audience)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = TimeProvider.System;

    // The same rooms in every run.
    private readonly Random _random = new(1);

    /// <summary>
    /// Sends without looking, so that compilers and caches are warm afterwards. The pause in the middle is for the compilers, which leave
    /// much for when there is nothing else to do.
    /// </summary>
    public async Task WarmUpAsync(double rate, TimeSpan duration)
    {
        await SendAsync(rate, duration / 2, CancellationToken.None);
        await Task.Delay(Pause, _clock);
        await SendAsync(rate, duration / 2, CancellationToken.None);
        await Task.Delay(Pause, _clock);
    }

    /// <summary>Sends and measures.</summary>
    /// <param name="rate">Messages per second, of all publishers together.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="patience">How long the last deliveries are waited for. Default: 5 seconds.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<LoadResult> RunAsync(double rate, TimeSpan duration, TimeSpan? patience = null, CancellationToken stop = default)
    {
        using var me = System.Diagnostics.Process.GetCurrentProcess();
        var histogram = new LatencyHistogram();
        var before = audience.Count();
        var ownCpu = me.TotalProcessorTime;
        var cpu = servers.CpuSeconds();
        var start = _clock.GetTimestamp();

        audience.MeasureInto(histogram);
        var sent = await SendAsync(rate, duration, stop);
        var sending = _clock.GetElapsedTime(start);
        var after = await WhenDeliveredAsync(patience ?? Patience);
        audience.MeasureInto(null);

        var elapsed = _clock.GetElapsedTime(start);
        me.Refresh();
        return new LoadResult
        {
            Rate = rate,
            Sent = sent,
            SendingSeconds = sending.TotalSeconds,
            Deliveries = after - before,
            Latencies = histogram,
            CpuSeconds = servers.CpuSeconds() - cpu,
            Seconds = elapsed.TotalSeconds,
            GeneratorCpuSeconds = (me.TotalProcessorTime - ownCpu).TotalSeconds,
            Megabytes = servers.ResidentMegabytes(),
            LostConnections = audience.LostConnections,
        };
    }

    private async Task<long> SendAsync(double rate, TimeSpan duration, CancellationToken stop)
    {
        var shape = audience.Shape;
        var start = _clock.GetTimestamp();
        long sent = 0;
        while (_clock.GetElapsedTime(start) is var elapsed && elapsed < duration && !stop.IsCancellationRequested)
        {
            for (var due = (long)(elapsed.TotalSeconds * rate); sent < due; sent++)
            {
                var publisher = (int)(sent % shape.Publishers);
                audience.Publish(publisher, shape.NextRoom(publisher, _random));
            }

            await Task.Delay(Turn, _clock, CancellationToken.None);
        }

        return sent;
    }

    private async Task<DeliveryCount> WhenDeliveredAsync(TimeSpan patience)
    {
        var start = _clock.GetTimestamp();
        while (true)
        {
            var count = audience.Count();
            if (count.Missing == 0 || _clock.GetElapsedTime(start) > patience)
            {
                return count;
            }

            await Task.Delay(Look, _clock);
        }
    }
}
