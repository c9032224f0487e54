namespace OrleansRooms.EngineIO;

/// <summary>Something has happened to a session.</summary>
public sealed class EngineSessionEventArgs : EventArgs
{
    internal EngineSessionEventArgs(IEngineSession session) => Session = session;

    /// <summary>The session.</summary>
    public IEngineSession Session { get; }
}
