using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Membership;

/// <summary>Holds a node's sockets of one namespace: all that a node has to know of a server, or of whatever else has sockets.</summary>
internal interface ISocketHolder
{
    /// <summary>The namespace.</summary>
    string Namespace { get; }

    /// <summary>
    /// The ids of the sockets that are in a room now, for an owner that has to be told all of them. May take the lock under which
    /// <see cref="NodeNamespace.OnJoined"/> is called.
    /// </summary>
    IReadOnlyCollection<string> Members(string room);

    /// <summary>
    /// Does what an envelope of another node says to these sockets. Called for one envelope at a time, in the publisher's order. If it
    /// throws, a node that asked for an answer is told so at once.
    /// </summary>
    void Deliver(NodeIdentity from, Envelope envelope);

    /// <summary>A node departed: nobody there waits for answers any more.</summary>
    void OnDeparted(NodeIdentity node);
}
