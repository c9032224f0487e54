using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Handlers;
using OrleansRooms.SocketIO.Namespaces;

namespace OrleansRooms.SocketIO;

/// <summary>What the server does in the name of its main namespace.</summary>
internal sealed partial class SocketIOServer
{
    public string Name => Main.Name;

    public IReadOnlyDictionary<string, ISocket> Sockets => Main.Sockets;

    public LocalRooms Adapter => Main.Adapter;

    public override IServiceProvider ApplicationServices { get; }

    public override HandlerBinder Binder { get; }

    public override ConnectionPipeline Pipeline => Main.Pipeline;

    public IDisposable OnServerEvent(string eventName, Func<ServerEventContext, Task> handler) => Main.OnServerEvent(eventName, handler);

    public IDisposable OnServerEvent(string eventName, Func<ServerEventContext, ValueTask> handler) =>
        Main.OnServerEvent(eventName, handler);

    [RequiresUnreferencedCode(TrimmedHandlers.Message)]
    public IDisposable OnServerEvent(string eventName, Delegate handler) => Main.OnServerEvent(eventName, handler);

    public ValueTask ServerSideEmitCoreAsync(string eventName, object?[] args, CancellationToken cancellationToken = default) =>
        Main.ServerSideEmitCoreAsync(eventName, args, cancellationToken);

    public Task<IReadOnlyList<T>> ServerSideEmitWithAckCoreAsync<T>(
        string eventName, object?[] args, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Main.ServerSideEmitWithAckCoreAsync<T>(eventName, args, timeout, cancellationToken);

    public ValueTask<int> RoomSizeAsync(string room, CancellationToken cancellationToken = default) =>
        Main.RoomSizeAsync(room, cancellationToken);

    public ValueTask<ImmutableArray<RoomMember>> RoomMembersAsync(string room, CancellationToken cancellationToken = default) =>
        Main.RoomMembersAsync(room, cancellationToken);

    public ValueTask<bool> IsInRoomAsync(string room, string socketId, CancellationToken cancellationToken = default) =>
        Main.IsInRoomAsync(room, socketId, cancellationToken);

    public ValueTask<ImmutableArray<string>> RoomsAsync(
        string prefix = "", string? after = null, int limit = 1000, CancellationToken cancellationToken = default) =>
        Main.RoomsAsync(prefix, after, limit, cancellationToken);

    public ValueTask<ImmutableArray<NamespaceServer>> ServersAsync(CancellationToken cancellationToken = default) =>
        Main.ServersAsync(cancellationToken);

    public ValueTask<int> SocketCountAsync(CancellationToken cancellationToken = default) => Main.SocketCountAsync(cancellationToken);

    public ValueTask<int> ServerCountAsync(CancellationToken cancellationToken = default) => Main.ServerCountAsync(cancellationToken);

    public IDisposable OnRoomSizeChanged(Func<RoomSize, ValueTask> listener) => Main.OnRoomSizeChanged(listener);

    public IDisposable OnRoomSizeChanged(Action<RoomSize> listener) => Main.OnRoomSizeChanged(listener);

    public RoomWatch OnRoomChanged(Func<RoomChange, ValueTask> listener) => Main.OnRoomChanged(listener);

    public RoomWatch OnRoomChanged(Action<RoomChange> listener) => Main.OnRoomChanged(listener);
}
