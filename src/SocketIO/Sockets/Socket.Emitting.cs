using OrleansRooms.EngineIO;
using OrleansRooms.Protocol.EngineIO;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Sockets;

internal sealed partial class Socket
{
    // Made when the first ack is awaited: most sockets never owe one.
    private PendingAcks? _acks;

    public ISocketOperator Volatile => new SocketOperator(this, SendFlags.Volatile, null);

    public ISocketOperator Compress(bool compress) => new SocketOperator(this, compress ? SendFlags.None : SendFlags.NoCompress, null);

    public ISocketOperator Timeout(TimeSpan timeout) => new SocketOperator(this, SendFlags.None, timeout);

    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        EmitAsync(eventName, args, SendFlags.None, cancellationToken);

    public Task<AckResult> EmitWithAckCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        EmitWithAckAsync(eventName, args, SendFlags.None, null, cancellationToken);

    public ValueTask EmitAsync(string eventName, object?[] args, SendFlags flags, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (IsKept(flags))
        {
            // Through the adapter, which keeps it for a client that comes back, also while there is none.
            var own = BroadcastOptions.All.To(Id);
            var packet = _namespace.Server.Serializer.Event(_namespace.Name, eventName, args);
            return HeldEmits.Watch(_namespace.Rooms.BroadcastAsync(
                packet, (flags & SendFlags.NoCompress) == 0 ? own : own.With(BroadcastFlags.NoCompress), cancellationToken));
        }

        if (_state != SocketState.Closed)
        {
            var packet = _namespace.Server.Serializer.Event(_namespace.Name, eventName, args);
            if (PrivateId is not null && EventOffsets.EndsInString(packet))
            {
                return SendWithPositionAsync(packet, flags, cancellationToken);
            }

            Send(packet, flags);
        }

        return default;
    }

    public Task<AckResult> EmitWithAckAsync(
        string eventName, object?[] args, SendFlags flags, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        EmitArguments.Check(eventName, args);
        EmitArguments.CheckTimeout(timeout);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<AckResult>(cancellationToken);
        }

        var id = _namespace.NextAckId();
        var packet = _namespace.Server.Serializer.Event(_namespace.Name, eventName, args, id);
        var answer = new TaskCompletionSource<Packet?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Ensure(ref _acks).TryExpect(id, answer.SetResult, _namespace.Server.Options.MaxPendingAcks))
        {
            throw new InvalidOperationException(
                $"Socket {Id} owes {_namespace.Server.Options.MaxPendingAcks} answers already; give EmitWithAckAsync a Timeout.");
        }

        return SendAndWaitForAckAsync(packet, flags, id, answer.Task, timeout, cancellationToken);
    }

    public void ExpectAck(long ackId, Action<Packet?> onAck) => Ensure(ref _acks).Expect(ackId, onAck);

    public void ForgetAck(long ackId) => _acks?.Forget(ackId);

    /// <summary>Answers an event of the client's.</summary>
    public void SendAck(Packet ack)
    {
        if (_state == SocketState.Open)
        {
            _connection.Send(ack, SendFlags.None);
        }
    }

    void IAdapterSocket.Send(Packet packet, EngineIOFrame[] frames, SendFlags flags)
    {
        if (AcceptsPackets())
        {
            PostOutgoing(packet);
            _connection.Send(frames, flags);
        }
    }

    /// <summary>Whether an event to this socket is to reach its client even if the connection has broken.</summary>
    private bool IsKept(SendFlags flags) =>
        PrivateId is not null && (flags & SendFlags.Volatile) == 0
        && (_state == SocketState.Open || _closing is { WasOpen: true } closing && closing.Reason.IsRecoverable());

    /// <summary>
    /// Sends an event that is not kept, and whose end the client would take for an offset, with the position before it. While the client
    /// waits to be let in, nothing that has an offset reaches it, so the position stands until then; afterwards the adapter knows it.
    /// </summary>
    private ValueTask SendWithPositionAsync(Packet packet, SendFlags flags, CancellationToken cancellationToken)
    {
        // Not under the lock: who opens a socket that comes back has the adapter's already.
        var position = _state == SocketState.Opening ? _namespace.Adapter.Position : null;
        lock (_queue)
        {
            if (_state == SocketState.Opening)
            {
                PostOutgoing(packet);
                _connection.Send(position is null ? packet : EventOffsets.AppendArgument(packet, position), flags);
                return default;
            }
        }

        var own = BroadcastOptions.All.To(Id).With((flags & SendFlags.Volatile) == 0 ? BroadcastFlags.None : BroadcastFlags.Volatile);
        return _namespace.Rooms.BroadcastAsync(
            packet, (flags & SendFlags.NoCompress) == 0 ? own : own.With(BroadcastFlags.NoCompress), cancellationToken);
    }

    private void Send(Packet packet, SendFlags flags)
    {
        PostOutgoing(packet);
        _connection.Send(packet, flags);
    }

    // The event is on its way when this returns.
    private async Task<AckResult> SendAndWaitForAckAsync(
        Packet packet, SendFlags flags, long id, Task<Packet?> answer, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            Send(packet, flags);
            var ack = timeout is { } time
                ? await answer.WaitAsync(time, _namespace.Server.TimeProvider, cancellationToken)
                : await answer.WaitAsync(cancellationToken);
            return ack is null ? throw new SocketDisconnectedException(Id) : new AckResult(ack, _namespace.Server.Serializer);
        }
        catch (TimeoutException)
        {
            throw new SocketIOTimeoutException();
        }
        finally
        {
            _acks?.Forget(id);
        }
    }
}
