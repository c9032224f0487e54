using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Broadcasting;
using OrleansRooms.SocketIO.Events;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Namespaces;

internal sealed partial class Namespace : IBroadcaster
{
    protected override IBroadcaster Broadcaster => this;

    public ValueTask EmitAsync(string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : HeldEmits.Watch(Adapter.BroadcastAsync(Server.Serializer.Event(Name, eventName, args), options, cancellationToken));
    }

    public Task<IReadOnlyList<T>> EmitWithAckAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        var packet = Server.Serializer.Event(Name, eventName, args);
        var acks = new BroadcastAcks<T>(Server.Serializer);
        return CompleteAsync(Adapter.BroadcastWithAckAsync(packet, options, acks.Add, cancellationToken), acks);

        static async Task<IReadOnlyList<T>> CompleteAsync(ValueTask<BroadcastAckResult> answered, BroadcastAcks<T> acks) =>
            acks.Complete(await answered);
    }

    public async IAsyncEnumerable<T> EmitWithAckStreamAsync<T>(
        string eventName, object?[] args, BroadcastOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        var packet = Server.Serializer.Event(Name, eventName, args);

        // Bounded by the number of recipients.
        var responses = Channel.CreateUnbounded<T>();
        var acks = new BroadcastAcks<T>(Server.Serializer, response => responses.Writer.TryWrite(response));
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answered = WaitAsync();
        try
        {
            await foreach (var response in responses.Reader.ReadAllAsync(cancellationToken))
            {
                yield return response;
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
                return await Adapter.BroadcastWithAckAsync(packet, options, acks.Add, abandoned.Token);
            }
            finally
            {
                responses.Writer.Complete();
            }
        }
    }

    /// <summary>Emits to a socket of another server and waits for its answer.</summary>
    public Task<AckResult> EmitWithOneAckAsync(
        string socketId, string eventName, object?[] args, BroadcastOptions options, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        var packet = Server.Serializer.Event(Name, eventName, args);
        AckResult? answer = null;
        return CompleteAsync(
            Adapter.BroadcastWithAckAsync(packet, options, ack => answer ??= new AckResult(ack, Server.Serializer), cancellationToken));

        async Task<AckResult> CompleteAsync(ValueTask<BroadcastAckResult> answered)
        {
            var result = await answered;
            return answer ?? (result is { Expected: 0, MissingNodes.IsEmpty: true }
                ? throw new SocketDisconnectedException(socketId)
                : throw new SocketIOTimeoutException());
        }
    }

    public async Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(BroadcastOptions options, CancellationToken cancellationToken)
    {
        var result = await Adapter.FetchSocketsAsync(options, cancellationToken);
        var sockets = new List<IRemoteSocket>(result.Sockets.Length);
        foreach (var description in result.Sockets)
        {
            if (description.Node is not null)
            {
                sockets.Add(new RemoteSocket(this, description));
            }
            else if (_sockets.TryGetValue(description.Id, out var local))
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
        return Adapter.SocketsJoinAsync(options, rooms, cancellationToken);
    }

    public ValueTask SocketsLeaveAsync(BroadcastOptions options, IReadOnlyCollection<string> rooms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rooms);
        return HeldEmits.Watch(Adapter.SocketsLeaveAsync(options, rooms, cancellationToken));
    }

    public ValueTask DisconnectSocketsAsync(BroadcastOptions options, bool close, CancellationToken cancellationToken) =>
        HeldEmits.Watch(Adapter.DisconnectSocketsAsync(options, close, cancellationToken));
}
