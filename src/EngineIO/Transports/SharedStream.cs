namespace OrleansRooms.EngineIO.Transports;

/// <summary>
/// The connection under an accepted WebSocket. Two write to it, one after the other: the framework's
/// <see cref="System.Net.WebSockets.WebSocket"/>, which also reads, and <see cref="WebSocketTransport"/>, which writes the
/// server's messages itself.
/// </summary>
internal sealed class SharedStream(Stream inner) : Stream
{
    private static readonly object Taken = new();

    // Nothing while nobody writes, Taken while one does, and what the other waits for while it does. A semaphore would cost every connection 90 bytes.
    private object? _turn;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await TakeTurnAsync();
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            PassTurn();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await TakeTurnAsync();
        try
        {
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            PassTurn();
        }
    }

    // Connections are never read or written synchronously here.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private ValueTask TakeTurnAsync() =>
        Interlocked.CompareExchange(ref _turn, Taken, null) is null ? ValueTask.CompletedTask : WaitForTurnAsync();

    private async ValueTask WaitForTurnAsync()
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            if (Interlocked.CompareExchange(ref _turn, passed, Taken) == Taken)
            {
                await passed.Task;
                return;
            }

            if (Interlocked.CompareExchange(ref _turn, Taken, null) is null) return;
        }
    }

    private void PassTurn()
    {
        if (Interlocked.CompareExchange(ref _turn, null, Taken) is not TaskCompletionSource waiting) return;
        Volatile.Write(ref _turn, Taken);
        waiting.SetResult();
    }
}
