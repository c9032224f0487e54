using System.Net;
using OrleansRooms.EngineIO;

namespace OrleansRooms.SocketIO;

/// <summary>A client's connection, whichever transport carries it and however many namespaces share it.</summary>
/// <remarks>The connection's own id is a secret between the client and the server, and therefore not shown here.</remarks>
public interface IConnection
{
    /// <summary>The transport in use now.</summary>
    EngineTransport Transport { get; }

    /// <summary>The client's address as ASP.NET Core saw it; behind a proxy, use the forwarded headers middleware.</summary>
    IPAddress? RemoteAddress { get; }

    /// <summary>The connection moved from polling to WebSocket; short for <see cref="EngineSessionEvents.Upgraded"/>.</summary>
    event Action? Upgraded;

    /// <summary>What happens on the connection below the packets of Socket.IO: single packets, batches, heartbeats, its end.</summary>
    /// <example>
    /// <code>socket.Connection.Events.PacketReceived += packet => traffic.Add(packet.Data.Length);</code>
    /// </example>
    EngineSessionEvents Events { get; }
}
