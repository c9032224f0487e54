namespace OrleansRooms.SocketIO.Events;

/// <summary>One piece of user code that waits for its turn in a <see cref="HandlerQueue"/>.</summary>
internal interface IHandlerWork
{
    /// <summary>Whether it waits for the one before to complete when the queue is sequential.</summary>
    bool IsSequential { get; }

    /// <summary>Whether it is pointless once the socket has disconnected.</summary>
    bool IsEvent { get; }

    /// <summary>The piece that waits behind it; the queue's affair, and a piece is in one queue at most.</summary>
    IHandlerWork? Next { get; set; }

    /// <summary>Roughly how many bytes it holds until it has completed. It does not change.</summary>
    int Size => 0;

    /// <summary>Runs it up to its first asynchronous wait. Must neither throw nor return a task that fails.</summary>
    Task Start();
}
