using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>Collects the answers to one broadcast.</summary>
/// <remarks>
/// An answer whose first argument cannot be read as <typeparamref name="T"/> counts as none: one client that answers nonsense must
/// not take the other answers away from the caller.
/// </remarks>
internal sealed class BroadcastAcks<T>
{
    private readonly PacketSerializer _serializer;
    private readonly Action<T> _onResponse;
    private readonly List<T> _responses = [];
    private readonly Lock _gate = new();

    /// <param name="serializer">Reads the answers.</param>
    /// <param name="onResponse">Told of every answer, one at a time.</param>
    public BroadcastAcks(PacketSerializer serializer, Action<T>? onResponse = null)
    {
        _serializer = serializer;
        _onResponse = onResponse ?? (_ => { });
    }

    /// <summary>Takes the next answer.</summary>
    public void Add(Packet ack)
    {
        T response;
        try
        {
            response = new AckResult(ack, _serializer).Get<T>(0)!;
        }
        catch (EventArgumentException)
        {
            return;
        }

        lock (_gate)
        {
            _responses.Add(response);
        }

        _onResponse(response);
    }

    /// <summary>The answers, if all came.</summary>
    /// <exception cref="BroadcastAckException{T}">Some did not.</exception>
    public IReadOnlyList<T> Complete(BroadcastAckResult result)
    {
        T[] responses;
        lock (_gate)
        {
            responses = [.. _responses];
        }

        return result.MissingNodes.IsEmpty && responses.Length >= result.Expected
            ? responses
            : throw new BroadcastAckException<T>(responses, result.Expected, result.MissingNodes);
    }
}
