using System.IO.Pipelines;
using OrleansRooms.EngineIO.Sessions;

namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// The writing side of the connection under a WebSocket. Two write to it, in turn and whole frames each: the session, whose batches may
/// take long, and whoever answers what the client asks of the WebSocket itself, which waits for one message at most, or as many small ones
/// as make a piece.
/// </summary>
internal sealed class SharedWriter(PipeWriter connection)
{
    private static readonly object Taken = new();

    // Nothing while nobody writes, Taken while one does, and what the other waits for while it does. A semaphore would cost every
    // connection 90 bytes.
    private object? _turn;

    /// <summary>Writes a batch; completes when the connection has taken it.</summary>
    public async ValueTask WriteAsync(Outbox.Batch batch)
    {
        for (var next = 0; next < batch.Count;)
        {
            await TakeTurnAsync();
            try
            {
                next = await MessageWriter.WriteAsync(connection, batch, next);
            }
            finally
            {
                PassTurn();
            }
        }
    }

    /// <summary>Writes whole frames; completes when the connection has taken them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken = default)
    {
        await TakeTurnAsync();
        try
        {
            await connection.WriteAsync(frames, cancellationToken);
        }
        finally
        {
            PassTurn();
        }
    }

    private ValueTask TakeTurnAsync()
    {
        TaskCompletionSource? passed = null;
        while (Interlocked.CompareExchange(ref _turn, Taken, null) is not null)
        {
            passed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref _turn, passed, Taken) == Taken) return new ValueTask(passed.Task);
        }

        return ValueTask.CompletedTask;
    }

    private void PassTurn()
    {
        if (Interlocked.CompareExchange(ref _turn, null, Taken) is not TaskCompletionSource waiting) return;
        Volatile.Write(ref _turn, Taken);
        waiting.SetResult();
    }
}
