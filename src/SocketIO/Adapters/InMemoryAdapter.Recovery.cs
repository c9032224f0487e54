using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Adapters;

public sealed partial class InMemoryAdapter
{
    /// <inheritdoc/>
    public ValueTask PersistSessionAsync(SocketSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        _recovery?.Persist(session);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<SocketSession?> RestoreSessionAsync(string privateId, string offset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(privateId);
        ArgumentNullException.ThrowIfNull(offset);
        return new(_recovery?.Restore(privateId, offset));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReplayAsync(
        SocketSession session, string offset, Action<IReadOnlyList<Packet>> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(offset);
        ArgumentNullException.ThrowIfNull(open);
        return new(_recovery?.Replay(session, offset, open) == true);
    }

    /// <inheritdoc/>
    public string? Position => _recovery?.Position;

    private void BroadcastWithOffset(MemoryRecovery recovery, Packet packet, BroadcastOptions options)
    {
        lock (recovery.Order)
        {
            Deliver(packet, recovery.Add_NeedsLock(OfThisNamespace(packet), options), options);
        }
    }
}
