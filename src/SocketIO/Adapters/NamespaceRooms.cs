using System.Collections.Immutable;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>
/// The rooms of one namespace in the whole cluster: delivers to this server's own sockets itself, at once, and lets the adapter tell the
/// other servers. Without an adapter there are no others.
/// </summary>
/// <remarks>
/// What concerns this server's own sockets has happened when a call returns; its task completes when the other servers know. So
/// <c>JoinAsync</c> followed by a broadcast, without an await between them, reaches the joined socket.
/// </remarks>
internal sealed partial class NamespaceRooms
{
    private const int MaxRoomsLimit = 10_000;

    private readonly IAdapter? _adapter;
    private readonly TimeProvider _time;

    public NamespaceRooms(LocalRooms local, IAdapter? adapter, TimeProvider time)
    {
        Local = local;
        local.Adapter = _adapter = adapter;
        _time = time;
    }

    /// <summary>This server's own part.</summary>
    public LocalRooms Local { get; }

    /// <summary>Lets the adapter begin; called once, before any socket joins.</summary>
    public ValueTask InitializeAsync(CancellationToken cancellationToken = default) =>
        _adapter?.InitializeAsync(cancellationToken) ?? default;

    /// <summary>Lets the adapter tell the others what it still has to, and forgets what was kept for clients that are away.</summary>
    public async ValueTask CloseAsync()
    {
        try
        {
            if (_adapter is not null)
            {
                await _adapter.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            Local.Close();
        }
    }

    /// <summary>Adds a socket to rooms; allowed before the socket is connected.</summary>
    /// <returns>Completes when every broadcast to these rooms that starts afterwards, anywhere in the cluster, reaches the
    /// socket.</returns>
    public ValueTask AddAllAsync(string socketId, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        Local.AddAll(socketId, rooms);
        return _adapter?.WhenToldAsync(socketId, rooms, cancellationToken) ?? default;
    }

    /// <inheritdoc cref="LocalRooms.Remove"/>
    public ValueTask RemoveAsync(string socketId, string room, CancellationToken cancellationToken = default)
    {
        Local.Remove(socketId, room);
        return _adapter?.WhenToldAsync(socketId, [room], cancellationToken) ?? default;
    }

    /// <inheritdoc cref="LocalRooms.RemoveAll"/>
    public ValueTask RemoveAllAsync(string socketId, CancellationToken cancellationToken = default)
    {
        var rooms = Local.RemoveAll(socketId);
        return _adapter?.WhenToldAsync(socketId, rooms, cancellationToken) ?? default;
    }

    /// <summary>Sends an event to every socket that the options select, to this server's own before the call returns.</summary>
    public ValueTask BroadcastAsync(Packet packet, BroadcastOptions options, CancellationToken cancellationToken = default)
    {
        // (1) This server's own sockets have it before anything else happens, cluster or not.
        Local.Broadcast(packet, options);
        return Others(options)?.BroadcastAsync(packet, options, cancellationToken) ?? default;
    }

    /// <summary>Makes the selected sockets join rooms. Ordered with broadcasts of this server, so no await is needed between.</summary>
    public ValueTask SocketsJoinAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        // The others first, here and below: what a listener of this server's sockets sends comes after this everywhere.
        var told = Others(options)?.SocketsJoinAsync(options, rooms, cancellationToken) ?? default;
        return Both(told, Local.SocketsJoinAsync(options, rooms, cancellationToken));
    }

    /// <summary>Makes the selected sockets leave rooms. Ordered with broadcasts of this server.</summary>
    public ValueTask SocketsLeaveAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        var told = Others(options)?.SocketsLeaveAsync(options, rooms, cancellationToken) ?? default;
        return Both(told, Local.SocketsLeaveAsync(options, rooms, cancellationToken));
    }

    /// <summary>Disconnects the selected sockets; broadcasts that this server sent before arrive before.</summary>
    public ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken = default)
    {
        var told = Others(options)?.DisconnectSocketsAsync(options, close, cancellationToken) ?? default;
        Local.DisconnectSockets(options, close);
        return told;
    }

    /// <summary>Sends an event to the namespace's handlers on all other servers.</summary>
    public ValueTask ServerSideEmitAsync(Packet packet, CancellationToken cancellationToken = default) =>
        _adapter?.ServerSideEmitAsync(packet, cancellationToken) ?? default;

    /// <summary>Sends an event to the namespace's handlers on all other servers and collects one answer from each.</summary>
    public ValueTask<ServerSideEmitResult> ServerSideEmitWithAckAsync(
        Packet packet, TimeSpan? timeout, CancellationToken cancellationToken = default) =>
        _adapter?.ServerSideEmitWithAckAsync(packet, timeout, cancellationToken) ?? new(new ServerSideEmitResult([], []));

    private IAdapter? Others(BroadcastOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.IsLocal ? null : _adapter;
    }

    private static ValueTask Both(ValueTask told, ValueTask here) =>
        told.IsCompletedSuccessfully ? here
        : here.IsCompletedSuccessfully ? told
        : new(Task.WhenAll(told.AsTask(), here.AsTask()));
}
