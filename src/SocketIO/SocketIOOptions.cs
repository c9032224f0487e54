using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>
/// Settings of a Socket.IO server; bound from the configuration section <c>SocketIO</c> and checked when the host starts.
/// </summary>
public class SocketIOOptions : EngineIOOptions
{
    /// <summary>
    /// How long a client may stay connected without entering a namespace, and how long the middlewares of a namespace may take to decide.
    /// Raising it lets silent connections live longer. Default: 45 seconds.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// When the handler of a socket's next event may begin. Default: <see cref="HandlerDispatch.StartInOrder"/>, as in JavaScript.
    /// </summary>
    public HandlerDispatch HandlerDispatch { get; set; }

    /// <summary>
    /// How many events of one socket may wait for their handlers or be in them. While there are more, nothing further is read from the
    /// client, until half of them are over: it is slowed down, as by any server that does not read. Acks are not read then either, so a
    /// client whose handlers all wait for its acks, and for nothing else, stands still until they time out. Raising it lets longer bursts
    /// wait in memory. Default: 10,000.
    /// </summary>
    public int MaxWaitingEvents { get; set; } = 10_000;

    /// <summary>
    /// How many bytes the events of one socket may hold together while they wait for their handlers or are in them; nothing further is read
    /// from a client that exceeds it, until handlers have let go of half of them. A single event that reaches it counts as half of it.
    /// Default: 8 MiB.
    /// </summary>
    public long MaxWaitingBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How many answers one socket may owe to <c>EmitWithAckAsync</c>; a further one fails with an <see cref="InvalidOperationException"/>.
    /// Raising it lets a client that never answers hold more memory. Default: 10,000.
    /// </summary>
    public int MaxPendingAcks { get; set; } = 10_000;

    /// <summary>
    /// How many namespaces one connection may have entered or be entering; further ones are refused with a <c>connect_error</c>. Raising
    /// it lets one client start more middlewares at once. Default: 100.
    /// </summary>
    public int MaxNamespacesPerConnection { get; set; } = 100;

    /// <summary>
    /// How long the name of a room may be, in bytes of UTF-8; at most 1 MiB. A join of a room with a longer name fails with a
    /// <see cref="RoomLimitException"/>. Raising it lets
    /// one client, where clients name rooms, fill more memory in servers and silos. Default: 1 KiB.
    /// </summary>
    public int MaxRoomNameBytes { get; set; } = 1024;

    /// <summary>
    /// How many rooms a socket may be in, that of its own id included; a join of more fails with a <see cref="RoomLimitException"/>.
    /// Raising it lets one client, where
    /// clients choose rooms, fill more memory in servers and silos. Default: 10,000.
    /// </summary>
    public int MaxRoomsPerSocket { get; set; } = 10_000;

    /// <summary>
    /// How many bytes of JSON the <c>auth</c> of a client may have; with more it is refused with a <c>connect_error</c>. It is kept for as
    /// long as the socket lives.
    /// Default: 64 KiB.
    /// </summary>
    public int MaxAuthBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// What is kept for clients whose connection breaks, so that they come back as the socket they were and get what they missed;
    /// <see langword="null"/> for nothing. Needs an adapter that can keep it: the one in memory does. Default: null.
    /// </summary>
    public ConnectionStateRecoveryOptions? ConnectionStateRecovery { get; set; }

    /// <summary>
    /// How many dynamic namespaces that clients asked for one parent may have; further ones are refused with a <c>connect_error</c>. Those
    /// into which nobody has been let yet count too. Raising it lets clients hold more memory, some tens of kilobytes for each. Default:
    /// 10,000.
    /// </summary>
    public int MaxChildNamespaces { get; set; } = 10_000;

    /// <summary>
    /// Whether a dynamic namespace that a client asked for goes when its last socket has left; its adapter is closed, and the next client
    /// that is let into it makes it anew. With connection state recovery it goes when no client can come back to it any more. One that the
    /// application made stays. When it is false, a connection may make as many as <see cref="MaxNamespacesPerConnection"/>. Default: true,
    /// unlike Node.js.
    /// </summary>
    public bool CleanupEmptyChildNamespaces { get; set; } = true;

    /// <summary>
    /// Whether a client sees the message of an exception that a connection middleware threw, rather than a general one. The message of a
    /// <see cref="ConnectErrorException"/> is always shown. Default: false.
    /// </summary>
    public bool EnableDetailedErrors { get; set; }

    /// <summary>
    /// Whether a connection is closed when an authentication that it rests on expires: that of its HTTP request, or that of a token or
    /// scheme with which it entered a namespace, whichever is first. The client sees <c>transport close</c> and comes back with what it has
    /// then. Schemes say when in <c>AuthenticationProperties.ExpiresUtc</c>, as those for cookies and bearer tokens do. Default: false, as
    /// in SignalR.
    /// </summary>
    public bool CloseOnAuthenticationExpiration { get; set; }

    /// <summary>How long a closing server waits for disconnect listeners. Default: 5 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
