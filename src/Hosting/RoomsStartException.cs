namespace OrleansRooms.Hosting;

/// <summary>
/// Why a silo, node or emitter cannot start although its settings are well-formed: the store of the cluster does not answer, the database is not
/// prepared, a port is taken, no silo is there. The message is one sentence that says what to change; it shows no secret.
/// </summary>
public sealed class RoomsStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RoomsStartException()
    {
    }

    /// <summary>Creates the exception with its sentence.</summary>
    public RoomsStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its sentence and what was thrown.</summary>
    public RoomsStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
