namespace OrleansRooms.Hosting;

/// <summary>
/// Why a silo, node or emitter cannot start although its settings are well-formed: the store of the cluster does not answer, the database
/// is not prepared, a port is taken, no silo is there. The message is one sentence that says what to change; it shows no secret.
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

    /// <summary>
    /// The sentence and the reasons behind it. There is no stack, which would bury them in the host's log and leads to no mistake in code.
    /// </summary>
    public override string ToString()
    {
        var reasons = new List<string>();
        for (var reason = InnerException; reason is not null; reason = reason.InnerException)
        {
            reasons.Add(reason.Message);
        }

        return reasons.Count == 0 ? Message : $"{Message} ({string.Join(" ", reasons.Distinct(StringComparer.Ordinal))})";
    }
}
