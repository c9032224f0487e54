namespace OrleansRooms.Emitter;

/// <summary>Not every recipient of an event answered in time.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="responses">The answers that came.</param>
/// <param name="expectedCount">How many sockets were asked.</param>
/// <param name="missingNodes">Servers that did not say in time how many sockets they had asked.</param>
public sealed class ClientAckException<T>(IReadOnlyList<T> responses, int expectedCount, IReadOnlyList<string> missingNodes)
    : TimeoutException($"operation has timed out: {responses.Count} of {expectedCount} sockets answered")
{
    /// <summary>The answers that came, in the order in which they came.</summary>
    public IReadOnlyList<T> Responses { get; } = responses;

    /// <summary>How many sockets were asked, not counting those of <see cref="MissingNodes"/>.</summary>
    public int ExpectedCount { get; } = expectedCount;

    /// <summary>Servers that did not say in time how many sockets they had asked.</summary>
    public IReadOnlyList<string> MissingNodes { get; } = missingNodes;
}

/// <summary>Not every server said in time which of its sockets match.</summary>
/// <param name="sockets">The sockets of the servers that answered.</param>
/// <param name="missingNodes">The servers that did not.</param>
public sealed class FetchedSocketsException(IReadOnlyList<EmitterSocket> sockets, IReadOnlyList<string> missingNodes)
    : TimeoutException($"timeout reached: missing {missingNodes.Count} responses")
{
    /// <summary>The matching sockets of the servers that answered.</summary>
    public IReadOnlyList<EmitterSocket> Sockets { get; } = sockets;

    /// <summary>The servers that did not answer.</summary>
    public IReadOnlyList<string> MissingNodes { get; } = missingNodes;
}

/// <summary>Not every server answered a server-side event in time, and with what was asked for.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="responses">The answers that came.</param>
/// <param name="missingNodes">The servers that did not answer, or whose answer is no <typeparamref name="T"/>.</param>
/// <param name="unreadable">Why an answer that came could not be read, if there was one.</param>
public sealed class ServerAckException<T>(IReadOnlyList<T> responses, IReadOnlyList<string> missingNodes, Exception? unreadable = null)
    : TimeoutException(
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

/// <summary>
/// The cluster did not answer a question in time, so there is no answer that would be true. Emits, joins and leaves never throw this.
/// </summary>
/// <param name="message">What could not be found out.</param>
/// <param name="innerException">What went wrong.</param>
public sealed class EmitterUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
