namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// The cluster did not answer a question in time, so there is no answer that would be true. Emits, joins and leaves never throw this.
/// </summary>
public sealed class ClusterUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What could not be found out.</param>
    public ClusterUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What could not be found out.</param>
    /// <param name="innerException">What went wrong.</param>
    public ClusterUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
