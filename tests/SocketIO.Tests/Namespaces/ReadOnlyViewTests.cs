using System.Collections;
using System.Reflection;

namespace OrleansRooms.SocketIO.Tests.Namespaces;

/// <summary>A collection that is handed out shows what is there whenever it is looked at, not what was there when it was taken.</summary>
public sealed class ReadOnlyViewTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task Sockets_AreLive_WithTheirKeysAndValues()
    {
        var sockets = _server.Io.Sockets;
        var (keys, values) = (sockets.Keys, sockets.Values);
        Assert.Empty(sockets);
        Assert.Empty(keys);
        Assert.Empty(values);

        var client = await _server.ConnectAsync();
        Assert.Equal([client.SocketId], keys);
        Assert.Equal([client.SocketId], sockets.Keys);
        Assert.Equal([client.SocketId], values.Select(socket => socket.Id));
        Assert.Equal([client.SocketId], sockets.Select(pair => pair.Key));
        Assert.True(sockets.ContainsKey(client.SocketId));
        Assert.True(sockets.TryGetValue(client.SocketId, out var found));
        Assert.Same(found, sockets[client.SocketId]);

        await found.DisconnectAsync();
        Assert.Empty(keys);
        Assert.Empty(values);
        Assert.Empty(sockets.Keys);
        Assert.Empty(sockets.Values);
        Assert.Throws<KeyNotFoundException>(() => sockets[client.SocketId]);
    }

    [Fact]
    public async Task Sockets_CannotBeChangedThroughTheView()
    {
        await _server.ConnectAsync();
        Assert.False(_server.Io.Sockets is IDictionary { IsReadOnly: false });
        Assert.False(_server.Io.Sockets is ICollection<KeyValuePair<string, ISocket>> { IsReadOnly: false });
    }

    [Fact]
    public async Task Rooms_AreLive()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        var rooms = socket.Rooms;
        Assert.Equal([socket.Id], rooms);

        await socket.JoinAsync("a", "b");
        Assert.Equal([socket.Id, "a", "b"], rooms);
        Assert.Equal(3, rooms.Count);
        foreach (var room in rooms) await socket.LeaveAsync(room);
        Assert.Empty(rooms);

        await socket.JoinAsync("a");
        await socket.DisconnectAsync();
        Assert.Empty(rooms);
    }

    [Fact]
    public async Task Namespaces_AndChildren_AreLive()
    {
        var namespaces = _server.Io.Namespaces;
        var parent = _server.Io.Of((_, _) => ValueTask.FromResult(true));
        var children = parent.Children;
        Assert.Equal(["/"], namespaces.Select(ns => ns.Name));
        Assert.Empty(children);

        _server.Io.Of("/chat");
        await _server.ConnectAsync("/dynamic");
        Assert.Equal(["/", "/chat", "/dynamic"], namespaces.Select(ns => ns.Name).Order());
        Assert.Equal(3, namespaces.Count);
        Assert.Equal(["/dynamic"], children.Select(ns => ns.Name));
        Assert.Single(children);
    }

    [Fact]
    public async Task Listeners_AreLive()
    {
        var client = await _server.ConnectAsync();
        var socket = _server.Io.Sockets[client.SocketId];
        var (any, outgoing) = (socket.AnyListeners, socket.AnyOutgoingListeners);
        Assert.Empty(any);
        Assert.Empty(outgoing);

        Action<EventContext> heard = static _ => { };
        Action<OutgoingEvent> said = static _ => { };
        using var registration = socket.OnAny(heard);
        socket.OnAnyOutgoing(said);
        Assert.Same(heard, Assert.Single(any));
        Assert.Same(said, outgoing[0]);

        registration.Dispose();
        socket.OffAnyOutgoing();
        Assert.Empty(any);
        Assert.Empty(outgoing);
    }

    // Whoever adds one adds it to a test above, or says here why it is a snapshot.
    [Fact]
    public void EveryViewOfALiveThing_IsTestedAbove()
    {
        Type[] live =
        [
            typeof(ISocketIOServer), typeof(INamespace), typeof(IParentNamespace), typeof(IRemoteSocket), typeof(ISocket),
            typeof(IConnection), typeof(SocketData),
        ];
        var views = live
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType.IsGenericType && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");

        Assert.Equal(
            [
                "INamespace.Sockets", "IParentNamespace.Children", "IRemoteSocket.Rooms", "ISocket.AnyListeners",
                "ISocket.AnyOutgoingListeners", "ISocketIOServer.Namespaces",
            ],
            views.Order(StringComparer.Ordinal));
    }
}
