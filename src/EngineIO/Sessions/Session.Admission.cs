namespace OrleansRooms.EngineIO.Sessions;

/// <content>Whether anybody has let the client in; until then its session counts as pending for its address.</content>
internal sealed partial class Session
{
    private bool _isAdmitted;

    /// <inheritdoc/>
    public void Admit()
    {
        lock (_lock)
        {
            if (_state != SessionState.Ended) Admit_NeedsLock();
        }
    }

    /// <summary>The session does not count as pending any more.</summary>
    private void Admit_NeedsLock()
    {
        if (_isAdmitted) return;
        _isAdmitted = true;
        _services.Sessions.Admit(this);
    }
}
