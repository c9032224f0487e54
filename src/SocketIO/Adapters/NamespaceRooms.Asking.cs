using System.Collections.Immutable;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.SocketIO.Adapters;

/// <content>What asks sockets or the directory.</content>
internal sealed partial class NamespaceRooms
{
    /// <summary>How long this server's own acks are awaited when the options do not say: 5 seconds.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends an event that every recipient is asked to answer.</summary>
    /// <param name="packet">The event; each server chooses its ack id.</param>
    /// <param name="options">Its recipients; <see cref="BroadcastOptions.Timeout"/> bounds the wait for answers.</param>
    /// <param name="onAck">Called for every answer as it comes, one at a time and never after the task has completed; must not
    /// block.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterUnavailableException">In all that time the cluster could not say which servers hold recipients.</exception>
    public async ValueTask<BroadcastAckResult> BroadcastWithAckAsync(
        Packet packet, BroadcastOptions options, Action<Packet> onAck, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(onAck);
        var acks = new AckCollector(onAck);
        var others = Others(options)?.BroadcastWithAckAsync(packet, options, acks.AddOthers, cancellationToken).AsTask();
        if (others is { IsFaulted: true })
        {
            // Refused: nobody is asked.
            return await others.ConfigureAwait(false);
        }

        var sent = Local.BroadcastWithAck(packet, options, acks.Add);
        acks.Expect(sent.Expected);
        try
        {
            // When time is up the result says how many answers are missing.
            await acks.Completed.WaitAsync(options.Timeout ?? DefaultTimeout, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var elsewhere = others is null ? new BroadcastAckResult(0, 0, []) : await others.ConfigureAwait(false);
            if (!acks.Completed.IsCompleted)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var here = acks.Close();
            return elsewhere with
            {
                Expected = elsewhere.Expected + here.Expected,
                Received = elsewhere.Received + here.Received,
                Gone = elsewhere.Gone + here.Gone,
            };
        }
        finally
        {
            acks.Abandon();
            sent.Forget();
        }
    }

    /// <summary>Describes the sockets that the options select, on all servers unless they are local.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    public async ValueTask<FetchSocketsResult> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken = default)
    {
        var others = Others(options);
        var here = Local.DescribeSockets(options);
        if (others is null)
        {
            return new FetchSocketsResult(here, []);
        }

        var elsewhere = await others.FetchSocketsAsync(options, cancellationToken).ConfigureAwait(false);
        return elsewhere with { Sockets = here.AddRange(elsewhere.Sockets) };
    }

    /// <inheritdoc cref="IAdapter.RoomSizeAsync"/>
    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _adapter?.RoomSizeAsync(room, cancellationToken) ?? new(Local.Size(room));
    }

    /// <inheritdoc cref="IAdapter.RoomMembersAsync"/>
    public ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        return _adapter?.RoomMembersAsync(room, cancellationToken)
            ?? new([.. Local.Members(room).Select(static socketId => new RoomMember(socketId, Node: null))]);
    }

    /// <inheritdoc cref="IAdapter.IsInRoomAsync"/>
    public ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentNullException.ThrowIfNull(socketId);
        return _adapter?.IsInRoomAsync(room, socketId, cancellationToken) ?? new(Local.Members(room).Contains(socketId));
    }

    /// <inheritdoc cref="IAdapter.RoomsAsync"/>
    public ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix, string? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRoomsLimit);
        return _adapter?.RoomsAsync(prefix, after, limit, cancellationToken) ?? new([.. Local.Page(prefix, after, limit)]);
    }

    /// <inheritdoc cref="IAdapter.ServersAsync"/>
    public ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default) =>
        _adapter?.ServersAsync(cancellationToken) ?? new([new NamespaceServer(Node: null, Local.SocketCount)]);

    /// <summary>The number of servers that have this namespace, this one included.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    public async ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) =>
        (await ServersAsync(cancellationToken).ConfigureAwait(false)).Length;

    /// <summary>The number of sockets in the namespace, cluster-wide.</summary>
    /// <exception cref="ClusterUnavailableException">The cluster did not answer in time.</exception>
    public async ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default)
    {
        var sockets = 0;
        foreach (var server in await ServersAsync(cancellationToken).ConfigureAwait(false))
        {
            sockets += server.Sockets;
        }

        return sockets;
    }

    /// <inheritdoc cref="IAdapter.WatchRoomSizes"/>
    public IDisposable WatchRoomSizes(Action<RoomSize> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _adapter?.WatchRoomSizes(listener) ?? Local.WatchSizes(listener);
    }

    /// <inheritdoc cref="IAdapter.WatchRooms"/>
    public RoomWatch WatchRooms(Action<RoomChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _adapter?.WatchRooms(listener) ?? Local.WatchRooms(listener);
    }
}
