using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Rooms;
using OrleansRooms.Messaging.Outbound;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Microbenchmarks;

/// <summary>
/// The owner's answer to "which nodes have members", and a publisher's batch of 100 messages from questions to destinations.
/// </summary>
[MemoryDiagnoser]
public class RoutingBenchmark
{
    private const int Messages = 100;

    private readonly RoomMembership _membership = new();
    private readonly RouteTable _table = new();
    private readonly JoinRoutes _joins = new();
    private readonly List<NodeIdentity> _destinations = [];
    private readonly OutboundMessage[] _messages = new OutboundMessage[Messages];

    [Params(2, 20)]
    public int NodesOfRoom { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var node = 0; node < NodesOfRoom; node++)
        {
            var changes = Enumerable.Range(0, Messages)
                .Select(room => new MembershipChange($"room{room}", $"socket{node}-{room}", Joined: true));
            _membership.Apply(
                new MembershipDelta { Node = new NodeIdentity($"node{node}", 1), BaseVersion = 0, Version = 1, Changes = [.. changes] },
                out _);
        }

        for (var i = 0; i < Messages; i++)
        {
            _messages[i] = new OutboundMessage(new Envelope { Kind = EnvelopeKind.Broadcast, Namespace = "/", Rooms = [$"room{i}"] });
        }
    }

    [Benchmark]
    public ImmutableArray<NodeIdentity> AskOwner() => _membership.NodesOf("room1");

    [Benchmark(OperationsPerInvoke = Messages)]
    public int RouteBatch()
    {
        _table.Clear();
        foreach (var message in _messages)
        {
            _table.Ask(message);
        }

        foreach (var room in _table.OpenRooms)
        {
            _table.SetRooms([room], new RoomRoutes([_membership.NodesOf(room)], IsComplete: true));
        }

        var count = 0;
        foreach (var message in _messages)
        {
            _destinations.Clear();
            _table.CopyTo(message, _joins, "node0", _destinations);
            count += _destinations.Count;
        }

        return count;
    }
}
