using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>One server process as far as adapters are concerned.</summary>
public abstract class AdapterNode : IAsyncDisposable
{
    /// <summary>Makes the adapters of this node's namespaces; <see langword="null"/> for a server that works alone.</summary>
    public abstract IAdapterFactory? Adapters { get; }

    /// <summary>Stops as a process does that was asked to: the others know at once.</summary>
    public abstract Task StopAsync();

    /// <summary>Stops as a process does that was killed: nothing more is heard of it, and the others find out.</summary>
    public abstract Task KillAsync();

    public abstract ValueTask DisposeAsync();
}
