using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansRooms.Emitter.Broadcasting;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.Protocol.SocketIO.Json;

namespace OrleansRooms.Emitter;

/// <summary>
/// A socket of some server, as it was when it was fetched. What is done to it is done to the socket itself, if it is still there. To ask
/// its client for an answer, emit to the room that its id is.
/// </summary>
public sealed class EmitterSocket : IEmitterTarget
{
    private readonly EmitterNamespace _emitter;
    private readonly Selection _self;
    private readonly PacketSerializer _serializer;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _attachments;

    internal EmitterSocket(
        EmitterNamespace emitter, string id, PacketSerializer serializer, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        _emitter = emitter;
        _self = Selection.All.To(id);
        _serializer = serializer;
        _attachments = attachments;
        Id = id;
    }

    /// <summary>The socket's id, which is also the name of its private room.</summary>
    public string Id { get; }

    /// <summary>The id of the server that has it.</summary>
    public required string Node { get; init; }

    /// <summary>The rooms it is in, its private room included.</summary>
    public required IReadOnlyCollection<string> Rooms { get; init; }

    /// <summary>
    /// What the client said when it connected, as JSON: <c>headers</c>, <c>query</c>, <c>auth</c> and the rest of <c>socket.handshake</c>.
    /// </summary>
    public required JsonElement Handshake { get; init; }

    /// <summary>
    /// What the server keeps with it (<c>socket.data</c>), as JSON. Where bytes are there is a placeholder, which <see cref="GetData{T}"/>
    /// resolves.
    /// </summary>
    public required JsonElement Data { get; init; }

    /// <summary>One of the values that the server keeps with it; the type's default when there is none of that name.</summary>
    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public T? GetData<T>(string name) =>
        JsonText.TryGetProperty(Data, name, out var value)
            ? _serializer.Deserialize<T>(new RawArgument(JsonMarshal.GetRawUtf8Value(value).ToArray(), _attachments))
            : default;

    /// <inheritdoc/>
    public ValueTask EmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        _emitter.Emit(_self, eventName, args, cancellationToken);

    /// <summary>Makes it join rooms; see <see cref="IEmitterOperator.SocketsJoinAsync(ReadOnlySpan{string})"/>.</summary>
    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) =>
        _emitter.SocketsJoinAsync(_self, rooms.ToArray(), CancellationToken.None);

    /// <summary>Makes it leave rooms; see <see cref="IEmitterOperator.SocketsLeaveAsync(ReadOnlySpan{string})"/>.</summary>
    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => _emitter.SocketsLeave(_self, rooms.ToArray(), CancellationToken.None);

    /// <summary>Disconnects it; see <see cref="IEmitterOperator.DisconnectSocketsAsync"/>.</summary>
    /// <param name="close">Whether to close its connection, with all other namespaces on it.</param>
    public ValueTask DisconnectAsync(bool close = false) => _emitter.DisconnectSockets(_self, close, CancellationToken.None);
}
