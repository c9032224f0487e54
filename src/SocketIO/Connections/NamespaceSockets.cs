using System.Diagnostics.CodeAnalysis;
using OrleansRooms.SocketIO.Sockets;

namespace OrleansRooms.SocketIO.Connections;

/// <summary>The sockets of one connection by namespace. Not thread-safe.</summary>
/// <remarks>
/// Nearly every client is in one namespace only, and the first needs no dictionary, which would cost each connection 200 bytes.
/// </remarks>
internal struct NamespaceSockets
{
    private Socket? _first;
    private Dictionary<string, Socket>? _others;

    public readonly int Count => (_first is null ? 0 : 1) + (_others?.Count ?? 0);

    public readonly bool TryGet(string ns, [MaybeNullWhen(false)] out Socket socket)
    {
        if (_first is { } first && first.Namespace.Name == ns)
        {
            socket = first;
            return true;
        }

        socket = null;
        return _others is not null && _others.TryGetValue(ns, out socket);
    }

    /// <summary>Adds the socket of a namespace that has none.</summary>
    public void Add(Socket socket)
    {
        if (_first is null)
        {
            _first = socket;
        }
        else
        {
            (_others ??= new Dictionary<string, Socket>(StringComparer.Ordinal)).Add(socket.Namespace.Name, socket);
        }
    }

    /// <summary>Removes a socket; <see langword="false"/> when it is not here, or another has its namespace.</summary>
    public bool Remove(Socket socket)
    {
        if (ReferenceEquals(_first, socket))
        {
            _first = null;
            return true;
        }

        if (_others is null || !_others.TryGetValue(socket.Namespace.Name, out var current) || !ReferenceEquals(current, socket))
        {
            return false;
        }

        _others.Remove(socket.Namespace.Name);
        if (_others.Count == 0)
        {
            _others = null;
        }

        return true;
    }

    public void Clear()
    {
        _first = null;
        _others = null;
    }

    public readonly Socket[] ToArray() => (_first, _others) switch
    {
        (null, null) => [],
        ({ } first, null) => [first],
        (null, { } others) => [.. others.Values],
        ({ } first, { } others) => [first, .. others.Values],
    };
}
