namespace OrleansRooms.SocketIO;

/// <summary>Makes a method of a <see cref="SocketIONamespaceHandler"/> the handler of an event.</summary>
/// <param name="name">The event, as clients emit it.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SocketEventAttribute(string name) : Attribute
{
    /// <summary>The event, as clients emit it.</summary>
    public string Name { get; } = name;
}
