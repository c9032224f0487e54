namespace OrleansRooms.ServerLoad.Servers;

/// <summary>Does something at a rate.</summary>
internal static class Pace
{
    public static async Task RunAsync(int count, int rate, Func<Task> action, CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate) - TimeProvider.System.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due, TimeProvider.System, stop);
            await action();
        }
    }
}
