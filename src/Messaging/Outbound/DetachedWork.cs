namespace OrleansRooms.Messaging.Outbound;

/// <summary>
/// Begins work that lives longer than its caller's call and must not know the caller: neither its execution context nor its scheduler. At
/// once and on the caller's thread if that is one of the pool's, which saves waking another for a few microseconds of work; otherwise, in a
/// grain for example, on the pool.
/// </summary>
internal static class DetachedWork
{
    private static readonly ExecutionContext Nobodys = CaptureNobodys();

    /// <summary>Begins it. On the caller's thread, it runs until it first waits.</summary>
    public static void Start(IThreadPoolWorkItem work)
    {
        if (Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null
            && TaskScheduler.Current == TaskScheduler.Default)
        {
            ExecutionContext.Run(Nobodys, static state => ((IThreadPoolWorkItem)state!).Execute(), work);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);
        }
    }

    private static ExecutionContext CaptureNobodys()
    {
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture()) { IsBackground = true, Name = nameof(DetachedWork) };
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }
}
