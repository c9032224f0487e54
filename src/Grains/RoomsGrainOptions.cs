namespace OrleansRooms.Grains;

/// <summary>How a silo keeps the room directory. All silos of a cluster should use the same.</summary>
public sealed class RoomsGrainOptions
{
    /// <summary>
    /// Within what time after a node died its sockets are gone from every room, count and query. Raised, short outages of nodes and
    /// networks go unnoticed, and the dead linger. Must leave nodes room for three heartbeats. Default: 5 seconds.
    /// </summary>
    public TimeSpan NodeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the node directory looks for leases that have ended; part of <see cref="NodeTimeout"/>. Default: 250 ms.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How often each silo asks the node directory for news; part of <see cref="NodeTimeout"/>. Raised, there are fewer calls, and leases
    /// must be shorter. Default: 1 second.
    /// </summary>
    public TimeSpan ViewPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the directory lists a departed node. A node that comes back later, for example from a long suspension, still has to
    /// register again; but silos and nodes that could not hear the directory for longer may miss the departure. Default: 15 minutes.
    /// </summary>
    public TimeSpan DepartedRetention { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many departed nodes the directory lists at most; the oldest are dropped first. Default: 1024.</summary>
    public int MaxDepartedNodes { get; set; } = 1024;

    /// <summary>
    /// How long a node directory that starts anew, because its silo died or the cluster has just started, listens for heartbeats before it
    /// takes the nodes that it has heard of for all there are. Until then rooms whose owners are new are not trusted to be complete:
    /// packets to them go to every node, and questions about them wait. Shortened below the nodes' <c>CallTimeout</c> and
    /// <c>HeartbeatInterval</c> together, a node that is late may be overlooked. Default: 3.5 seconds.
    /// </summary>
    public TimeSpan ListenTime { get; set; } = TimeSpan.FromSeconds(3.5);

    /// <summary>
    /// How long nodes may keep the owner's answer to where a room has members, so that what they send to it needs no question. Raised,
    /// rooms that are written to seldom cost fewer questions, and a node that stands still without being dead holds up longer the first
    /// join of another node in a room that it wrote to. At most one minute; zero: every batch asks. Default: 30 seconds.
    /// </summary>
    public TimeSpan RouteLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a node lives without a heartbeat: what <see cref="NodeTimeout"/> leaves after the sweep, the poll and a twentieth of the
    /// whole for the calls in between.
    /// </summary>
    internal TimeSpan Lease => NodeTimeout - (NodeTimeout / 20) - SweepInterval - ViewPollInterval;
}
