using System.Net;
using OrleansRooms.ClusterLoad.Measuring;

namespace OrleansRooms.ClusterLoad.Clients;

/// <summary>All clients of a run, in their rooms, and what they got.</summary>
internal sealed class Audience : IDisposable
{
    private const int ConnectAtOnce = 50;

    private readonly WireClient[] _clients;
    private readonly DeliveryLedger[] _ledgers;
    private readonly bool[] _isGone;
    private readonly long[,] _sent;
    private LatencyHistogram? _histogram;

    private Audience(AudienceShape shape)
    {
        Shape = shape;
        _clients = new WireClient[shape.Clients];
        _ledgers = [.. Enumerable.Range(0, shape.Clients).Select(_ => new DeliveryLedger())];
        _isGone = new bool[shape.Clients];
        _sent = new long[shape.Publishers, shape.Rooms];
    }

    public AudienceShape Shape { get; }

    /// <summary>Connections that ended although nobody had wanted that.</summary>
    public int LostConnections => _clients.Where((client, i) => client.IsLost && !_isGone[i]).Count();

    /// <summary>Connects everybody and lets them join their rooms.</summary>
    public static async Task<Audience> GatherAsync(AudienceShape shape, IReadOnlyList<IPEndPoint> nodes)
    {
        var audience = new Audience(shape);
        try
        {
            foreach (var some in Enumerable.Range(0, shape.Clients).Chunk(ConnectAtOnce))
            {
                await Task.WhenAll(some.Select(async i => audience._clients[i] = await WireClient.ConnectAsync(
                    nodes[i % nodes.Count], message => audience.Take(i, message))));
            }

            await Task.WhenAll(Enumerable.Range(0, shape.Clients).Select(audience.JoinAsync));
            return audience;
        }
        catch
        {
            audience.Dispose();
            throw;
        }
    }

    /// <summary>Those on one node are not expected to get or to send anything more.</summary>
    public void GiveUpNode(int node, int nodes)
    {
        for (var i = node; i < Shape.Clients; i += nodes)
        {
            _isGone[i] = true;
        }
    }

    /// <summary>From now on latencies go there; null for nowhere.</summary>
    public void MeasureInto(LatencyHistogram? histogram) => Volatile.Write(ref _histogram, histogram);

    /// <summary>Lets a publisher send to a room; does nothing when it is gone.</summary>
    public void Publish(int publisher, int room)
    {
        if (!_isGone[publisher])
        {
            _clients[publisher].Publish(publisher, room, ++_sent[publisher, room], TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>What has become of all that was sent so far, between clients that are not gone.</summary>
    public DeliveryCount Count()
    {
        long expected = 0, received = 0;
        for (var room = 0; room < Shape.Rooms; room++)
        {
            foreach (var member in Shape.MembersOf(room).Where(member => !_isGone[member]))
            {
                for (var publisher = 0; publisher < Shape.Publishers; publisher++)
                {
                    if (!_isGone[publisher])
                    {
                        expected += _sent[publisher, room];
                        received += _ledgers[member].ReceivedOf(publisher, room);
                    }
                }
            }
        }

        var present = _ledgers.Where((_, i) => !_isGone[i]).ToArray();
        return new DeliveryCount(expected, expected - received, present.Sum(one => one.Doubled), present.Sum(one => one.Reordered));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client?.Dispose();
        }
    }

    private async Task JoinAsync(int client)
    {
        foreach (var room in Shape.RoomsOf(client))
        {
            await _clients[client].RequestAsync(ProbeMessages.Join(ProbeMessages.Room(room)));
        }
    }

    private void Take(int client, ReadOnlySpan<byte> message)
    {
        if (ProbeMessages.TryReadMessage(message, out var sent, out var publisher, out var room, out var number))
        {
            _ledgers[client].Note(publisher, room, number, sent);
            Volatile.Read(ref _histogram)?.Add(TimeProvider.System.GetElapsedTime(sent));
        }
    }
}
