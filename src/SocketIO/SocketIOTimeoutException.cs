namespace OrleansRooms.SocketIO;

/// <summary>An answer did not come in time; the message is Socket.IO's own, <c>operation has timed out</c>.</summary>
public class SocketIOTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    public SocketIOTimeoutException()
        : base("operation has timed out")
    {
    }

    /// <summary>Creates the exception with a sentence of its own.</summary>
    public SocketIOTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a sentence of its own and what went wrong.</summary>
    public SocketIOTimeoutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The socket disconnected before it answered.</summary>
/// <param name="socketId">The socket.</param>
public sealed class SocketDisconnectedException(string socketId)
    : Exception($"Socket {socketId} disconnected before it answered.")
{
    /// <summary>The id of the socket.</summary>
    public string SocketId { get; } = socketId;
}

/// <summary>Not every recipient of a broadcast answered in time.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="responses">The answers that came.</param>
/// <param name="expectedCount">How many sockets were asked.</param>
/// <param name="missingNodes">Servers that did not say in time how many sockets they had asked.</param>
public sealed class BroadcastAckException<T>(IReadOnlyList<T> responses, int expectedCount, IReadOnlyList<string> missingNodes)
    : SocketIOTimeoutException($"operation has timed out: {responses.Count} of {expectedCount} sockets answered")
{
    /// <summary>The answers that came, in the order in which they came.</summary>
    public IReadOnlyList<T> Responses { get; } = responses;

    /// <summary>How many sockets were asked, not counting those of <see cref="MissingNodes"/>.</summary>
    public int ExpectedCount { get; } = expectedCount;

    /// <summary>Servers that did not say in time how many sockets they had asked; empty without a cluster.</summary>
    public IReadOnlyList<string> MissingNodes { get; } = missingNodes;
}

/// <summary>Not every server of the cluster said in time which of its sockets match.</summary>
/// <param name="sockets">The sockets of the servers that answered.</param>
/// <param name="missingNodes">The servers that did not.</param>
public sealed class FetchSocketsException(IReadOnlyList<IRemoteSocket> sockets, IReadOnlyList<string> missingNodes)
    : SocketIOTimeoutException($"timeout reached: missing {missingNodes.Count} responses")
{
    /// <summary>The matching sockets of the servers that answered.</summary>
    public IReadOnlyList<IRemoteSocket> Sockets { get; } = sockets;

    /// <summary>The servers that did not answer.</summary>
    public IReadOnlyList<string> MissingNodes { get; } = missingNodes;
}

/// <summary>Not every other server of the cluster answered a server-side event in time, and with what was asked for.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="responses">The answers that came.</param>
/// <param name="missingNodes">The servers that did not answer, or whose answer is no <typeparamref name="T"/>.</param>
/// <param name="unreadable">Why an answer that came could not be read, if there was one.</param>
public sealed class ServerSideEmitException<T>(IReadOnlyList<T> responses, IReadOnlyList<string> missingNodes, Exception? unreadable = null)
    : SocketIOTimeoutException(
        unreadable is null
            ? $"timeout reached: missing {missingNodes.Count} responses"
            : $"missing {missingNodes.Count} responses, because an answer that came could not be read: {unreadable.Message}",
        unreadable)
{
    /// <summary>The answers that came.</summary>
    public IReadOnlyList<T> Responses { get; } = responses;

    /// <summary>The servers that did not answer, or whose answer could not be read.</summary>
    public IReadOnlyList<string> MissingNodes { get; } = missingNodes;
}
