using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class Namespace : IBroadcaster
{
    // Code may hold on to a namespace that has been cleaned up, and that clients have made anew since.
    private Namespace Current =>
        System.Threading.Volatile.Read(ref _isRemoved) && Server.Table.Find(Name) is { IsOpen: true } anew ? anew : this;

    protected override IBroadcaster Broadcaster => this;

    public ValueTask EmitAsync(string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : HeldEmits.Watch(Current.Rooms.BroadcastAsync(Server.Serializer.Event(Name, eventName, args), options, cancellationToken));
    }

    public Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        EmitArguments.CheckTimeout(options.Timeout);
        var packet = Server.Serializer.Event(Name, eventName, args);
        // Filled one at a time, and not any more when the result is there.
        var packets = new List<Packet>();
        return CompleteAsync(Current.Rooms.BroadcastWithAckAsync(packet, options, packets.Add, cancellationToken));

        async Task<IReadOnlyList<T>> CompleteAsync(ValueTask<BroadcastAckResult> answered)
        {
            var result = await answered;
            var acks = new BroadcastAcks<T>(Server.Serializer);
            foreach (var ack in packets)
            {
                acks.TryRead(ack, out _);
            }

            return acks.Complete(result);
        }
    }

    public async IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        EmitArguments.CheckTimeout(options.Timeout);
        var packet = Server.Serializer.Event(Name, eventName, args);

        // Bounded by the number of recipients.
        var packets = Channel.CreateUnbounded<Packet>();
        var acks = new BroadcastAcks<T>(Server.Serializer);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answered = WaitAsync();
        try
        {
            await foreach (var ack in packets.Reader.ReadAllAsync(cancellationToken))
            {
                if (acks.TryRead(ack, out var response))
                {
                    yield return response;
                }
            }
        }
        finally
        {
            // When the caller stops early nobody needs the rest of the answers.
            await abandoned.CancelAsync();
        }

        acks.Complete(await answered);

        async Task<BroadcastAckResult> WaitAsync()
        {
            try
            {
                return await Current.Rooms.BroadcastWithAckAsync(packet, options, ack => packets.Writer.TryWrite(ack), abandoned.Token);
            }
            finally
            {
                packets.Writer.Complete();
            }
        }
    }

    /// <summary>Emits to a socket of another server and waits for its answer.</summary>
    public Task<AckResult> EmitWithOneAckAsync(
        string socketId, string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        EmitArguments.CheckTimeout(options.Timeout);
        var packet = Server.Serializer.Event(Name, eventName, args);
        // As a socket of this server: without a limit the wait ends with the answer or the disconnect.
        var limited = options.Timeout is null ? options with { Timeout = System.Threading.Timeout.InfiniteTimeSpan } : options;
        Packet? answer = null;
        return CompleteAsync(Current.Rooms.BroadcastWithAckAsync(packet, limited, ack => answer ??= ack, cancellationToken));

        async Task<AckResult> CompleteAsync(ValueTask<BroadcastAckResult> answered)
        {
            var result = await answered;
            return answer is not null ? new AckResult(answer, Server.Serializer)
                : result.MissingNodes.IsEmpty && result.Gone == result.Expected ? throw new SocketDisconnectedException(socketId)
                : throw new SocketIOTimeoutException();
        }
    }

    public async Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.CheckTimeout(options.Timeout);
        var current = Current;
        var result = await current.Rooms.FetchSocketsAsync(options, cancellationToken);
        var sockets = new List<IRemoteSocket>(result.Sockets.Length);
        foreach (var description in result.Sockets)
        {
            if (description.Node is not null)
            {
                sockets.Add(new RemoteSocket(this, description));
            }
            else if (current._sockets.TryGetValue(description.Id, out var local))
            {
                sockets.Add(local);
            }
        }

        return result.MissingNodes.IsEmpty ? sockets : throw new FetchSocketsException(sockets, result.MissingNodes);
    }

    public ValueTask SocketsJoinAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        Server.RoomLimits.Check(rooms);
        return Current.Rooms.SocketsJoinAsync(options, rooms, cancellationToken);
    }

    public ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        return HeldEmits.Watch(Current.Rooms.SocketsLeaveAsync(options, rooms, cancellationToken));
    }

    public ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken) =>
        HeldEmits.Watch(Current.Rooms.DisconnectSocketsAsync(options, close, cancellationToken));
}
