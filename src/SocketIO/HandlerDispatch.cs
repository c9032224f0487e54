namespace OrleansRooms.SocketIO;

/// <summary>When the handler of a socket's next event may begin.</summary>
/// <remarks>
/// In both modes the handlers of one socket never run in parallel up to their first asynchronous wait, acks are handed out without
/// waiting for any handler, and handlers of different sockets run independently.
/// </remarks>
public enum HandlerDispatch
{
    /// <summary>
    /// As in JavaScript: handlers begin in the order of arrival, and the next begins as soon as the one before waits for something.
    /// </summary>
    StartInOrder,

    /// <summary>
    /// One at a time: the next handler begins when the one before has completed. Connection listeners come first, so events wait until
    /// they have completed. Events that still wait when the socket disconnects are dropped and counted.
    /// </summary>
    Sequential,
}
