using System.Security.Claims;
using System.Text.Json;

namespace OrleansRooms.SocketIO;

/// <summary>A client's wish to enter a namespace that does not exist yet.</summary>
public sealed class NamespaceRequest
{
    internal NamespaceRequest(string name, Handshake handshake, ClaimsPrincipal user)
    {
        Name = name;
        Handshake = handshake;
        User = user;
    }

    /// <summary>The name that the client gave, with its leading slash.</summary>
    public string Name { get; }

    /// <summary>What the client said when it connected.</summary>
    public Handshake Handshake { get; }

    /// <summary>What the client gave as <c>auth</c>: always an object.</summary>
    public JsonElement Auth => Handshake.Auth;

    /// <summary>Who ASP.NET Core's authentication says the client is.</summary>
    public ClaimsPrincipal User { get; }
}
