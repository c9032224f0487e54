namespace OrleansRooms.SocketIO.Sockets;

/// <summary>The stages of a socket's life, in their order.</summary>
internal enum SocketState
{
    /// <summary>Middlewares run, or the cluster is told; the client is not connected yet.</summary>
    Opening,

    /// <summary>The client is connected.</summary>
    Open,

    /// <summary>Disconnected, or refused.</summary>
    Closed,
}
