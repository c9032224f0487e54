using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Broadcasting;

/// <summary>
/// Reads the answers to one broadcast, for who asked and where it waits: converters are the application's code. Not thread-safe.
/// </summary>
/// <remarks>
/// An answer whose first argument cannot be read as <typeparamref name="T"/> counts as none: one client that answers nonsense must
/// not take the other answers away from the caller.
/// </remarks>
internal sealed class BroadcastAcks<T>(PacketSerializer serializer)
{
    private readonly List<T> _responses = [];

    /// <summary>Reads the next answer.</summary>
    public bool TryRead(Packet ack, out T response)
    {
        try
        {
            response = new AckResult(ack, serializer).Get<T>(0)!;
        }
        catch (Exception exception) when (exception is EventArgumentException or PacketFormatException)
        {
            response = default!;
            return false;
        }

        _responses.Add(response);
        return true;
    }

    /// <summary>The answers that were read, if all came.</summary>
    /// <exception cref="BroadcastAckException{T}">Some did not.</exception>
    public IReadOnlyList<T> Complete(BroadcastAckResult result) =>
        result.MissingNodes.IsEmpty && _responses.Count >= result.Expected
            ? _responses
            : throw new BroadcastAckException<T>(_responses, result.Expected, result.MissingNodes);
}
