namespace OrleansRooms.Protocol.SocketIO;

/// <summary>What a namespace may be called.</summary>
public static class NamespaceName
{
    /// <summary>Refuses a name that no client can ask for.</summary>
    /// <exception cref="ArgumentException">The name has a comma.</exception>
    public static void ThrowIfUnreachable(string name)
    {
        if (name.Contains(',', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"No client can reach the namespace '{name}': a comma ends the name in Socket.IO's packets. Choose a name without one.",
                nameof(name));
        }
    }
}
