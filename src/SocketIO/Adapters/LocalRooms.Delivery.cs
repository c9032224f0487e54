using System.Collections.Immutable;
using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Adapters;

public sealed partial class LocalRooms
{
    /// <summary>Sends an event to every socket of this server that the options select.</summary>
    public void Broadcast(Packet packet, BroadcastOptions options)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(options);
        if (_recovery is not null && MemoryRecovery.HasOffset(packet, options))
        {
            BroadcastWithOffset(_recovery, packet, options);
        }
        else
        {
            Deliver(packet, packet, options);
        }
    }

    /// <summary>Sends an event to every socket of this server that the options select and asks each for an ack.</summary>
    /// <param name="packet">The event; its ack id is the namespace's next.</param>
    /// <param name="options">The recipients.</param>
    /// <param name="onAck">
    /// Called once for every recipient with its ack, or with <see langword="null"/> when it disconnects first. May be called from several
    /// threads at once, and before this method returns.
    /// </param>
    public LocalAckBroadcast BroadcastWithAck(Packet packet, BroadcastOptions options, Action<Packet?> onAck)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onAck);
        var ackId = _namespace.NextAckId();
        var numbered = OfThisNamespace(packet).WithAckId(ackId);
        var sockets = SelectSockets(options);
        if (sockets.Length > 0)
        {
            var frames = _namespace.Parser.Encode(numbered);
            var flags = ToSendFlags(options.Flags);
            foreach (var socket in sockets)
            {
                socket.ExpectAck(ackId, onAck);
                Send(socket, numbered, frames, flags);
            }
        }

        return new LocalAckBroadcast(sockets, ackId);
    }

    /// <summary>Describes the sockets of this server that the options select.</summary>
    public ImmutableArray<SocketDescription> DescribeSockets(BroadcastOptions options) => [.. DescribeEach(options)];

    /// <summary>
    /// Selects sockets of this server at once and describes each when its turn comes in the enumeration, so that not all descriptions are
    /// held at the same time. Those that have disconnected by then are left out.
    /// </summary>
    public IEnumerable<SocketDescription> DescribeEach(BroadcastOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Describe(SelectSockets(options));

        IEnumerable<SocketDescription> Describe(IAdapterSocket[] sockets)
        {
            foreach (var socket in sockets)
            {
                if (_namespace.TryGetSocket(socket.Id, out _))
                {
                    yield return socket.Describe();
                }
            }
        }
    }

    /// <summary>Makes the sockets of this server that the options select join rooms, each as by its own <c>JoinAsync</c>.</summary>
    public ValueTask SocketsJoinAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rooms);
        List<Task>? unfinished = null;
        foreach (var socket in SelectSockets(options))
        {
            NoteUnfinished(socket.JoinAsync(rooms), ref unfinished);
        }

        return WhenAll(unfinished, cancellationToken);
    }

    /// <summary>Makes the sockets of this server that the options select leave rooms.</summary>
    public ValueTask SocketsLeaveAsync(
        BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rooms);
        List<Task>? unfinished = null;
        foreach (var socket in SelectSockets(options))
        {
            foreach (var room in rooms)
            {
                NoteUnfinished(socket.LeaveAsync(room), ref unfinished);
            }
        }

        return WhenAll(unfinished, cancellationToken);
    }

    /// <summary>Disconnects the sockets of this server that the options select.</summary>
    /// <param name="options">The sockets.</param>
    /// <param name="close">Whether to close their connections, with all other namespaces on them.</param>
    public void DisconnectSockets(BroadcastOptions options, bool close)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var socket in SelectSockets(options))
        {
            try
            {
                socket.Disconnect(close);
            }
            catch (Exception ex)
            {
                Log.SocketFailed(_logger, socket.Id, _namespace.Name, ex);
            }
        }
    }

    /// <summary>Brings a packet to the selected sockets.</summary>
    /// <param name="packet">The packet as its sender made it, which catch-all listeners hear.</param>
    /// <param name="sent">The packet as clients get it.</param>
    /// <param name="options">Its recipients.</param>
    private void Deliver(Packet packet, Packet sent, BroadcastOptions options)
    {
        var ids = Select(options, out var count);
        try
        {
            EngineIOFrame[]? frames = null;
            var flags = ToSendFlags(options.Flags);
            for (var i = 0; i < count; i++)
            {
                if (_namespace.TryGetSocket(ids[i], out var socket))
                {
                    frames ??= _namespace.Parser.Encode(OfThisNamespace(sent));
                    Send(socket, packet, frames, flags);
                }
            }
        }
        finally
        {
            RoomTable.ReturnBuffer(ids);
        }
    }

    private static SendFlags ToSendFlags(BroadcastFlags flags) =>
        ((flags & BroadcastFlags.Volatile) != 0 ? SendFlags.Volatile : SendFlags.None)
        | ((flags & BroadcastFlags.NoCompress) != 0 ? SendFlags.NoCompress : SendFlags.None);

    private static void NoteUnfinished(ValueTask task, ref List<Task>? unfinished)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        (unfinished ??= []).Add(task.AsTask());
    }

    private static ValueTask WhenAll(List<Task>? tasks, CancellationToken cancellationToken) =>
        tasks is null ? default : new ValueTask(Task.WhenAll(tasks).WaitAsync(cancellationToken));

    private Packet OfThisNamespace(Packet packet) => packet.Namespace == _namespace.Name
        ? packet
        : new Packet
        {
            Type = packet.Type,
            Namespace = _namespace.Name,
            AckId = packet.AckId,
            Payload = packet.Payload,
            Attachments = packet.Attachments,
        };

    private void Send(IAdapterSocket socket, Packet packet, EngineIOFrame[] frames, SendFlags flags)
    {
        try
        {
            socket.Send(packet, frames, flags);
        }
        catch (Exception ex)
        {
            // One recipient's listener must not keep the packet from the others.
            Log.SocketFailed(_logger, socket.Id, _namespace.Name, ex);
        }
    }

    private string[] Select(BroadcastOptions options, out int count)
    {
        string[] ids = [];
        lock (_lock)
        {
            count = _table.Select(options, ref ids);
        }

        return ids;
    }

    private IAdapterSocket[] SelectSockets(BroadcastOptions options)
    {
        var ids = Select(options, out var count);
        try
        {
            var sockets = new IAdapterSocket[count];
            var connected = 0;
            for (var i = 0; i < count; i++)
            {
                if (_namespace.TryGetSocket(ids[i], out var socket))
                {
                    sockets[connected++] = socket;
                }
            }

            return connected == count ? sockets : sockets[..connected];
        }
        finally
        {
            RoomTable.ReturnBuffer(ids);
        }
    }
}
