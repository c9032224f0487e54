using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Sockets;

/// <summary>
/// The last turn of a socket: its listeners hear that it is disconnecting, it leaves its rooms and its namespace, and they hear that it
/// has. No handler that still runs is waited for.
/// </summary>
internal sealed class SocketClosing : IHandlerWork
{
    private readonly Socket _socket;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SocketClosing(Socket socket, DisconnectReason reason, string? description, bool wasOpen)
    {
        _socket = socket;
        Reason = reason;
        Description = description;
        WasOpen = wasOpen;
    }

    public DisconnectReason Reason { get; }

    public string? Description { get; }

    /// <summary>Whether the client had been connected, so that there is a disconnect to hear of.</summary>
    public bool WasOpen { get; }

    public bool IsSequential => false;

    public bool IsEvent => false;

    public IHandlerWork? Next { get; set; }

    /// <summary>Completes when the socket has left its rooms, also as far as the cluster is concerned.</summary>
    public Task Left => _left.Task;

    /// <summary>Completes when, besides, the disconnect listeners have.</summary>
    public Task Heard => _heard.Task;

    public async Task Start()
    {
        var heard = await _socket.RunClosingAsync(this);
        _left.SetResult();
        await heard;
        _heard.SetResult();
    }
}
