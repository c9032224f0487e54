using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO;

/// <summary>What a client answered: any number of arguments.</summary>
public sealed class AckResult
{
    private readonly PacketArguments _arguments;

    internal AckResult(Packet packet, PacketSerializer serializer) => _arguments = serializer.Read(packet);

    /// <summary>The number of arguments.</summary>
    public int Count => _arguments.Count;

    /// <summary>One argument as a .NET value.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <returns>The default of <typeparamref name="T"/> when the client gave fewer arguments.</returns>
    /// <exception cref="EventArgumentException">The argument is of another kind.</exception>
    public T? Get<T>(int index) => ArgumentConversion.Read<T>(_arguments, index, "ack");
}
