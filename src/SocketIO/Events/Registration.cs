namespace OrleansRooms.SocketIO.Events;

/// <summary>Undoes a registration, once, when disposed.</summary>
/// <param name="undo">What to do.</param>
internal sealed class Registration(Action undo) : IDisposable
{
    private Action? _undo = undo;

    public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();
}
