using CsCheck;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>Which sockets are kept, and that each is given back once (protocol.md 2.13).</summary>
public sealed class RecoverableSessionsTests
{
    private const int MaxSessions = 4;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    [Fact]
    public void Sessions_UnderAnySteps_AreGivenBackOnceInTimeAndWithinTheLimit() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7]).Array[1, 100].Sample(steps => Run(steps));

    private static void Run((int Kind, int Id)[] steps)
    {
        var sessions = new RecoverableSessions(MaxSessions, Lifetime);
        var kept = new List<(SocketSession Session, TimeSpan At)>();
        var now = TimeSpan.Zero;
        foreach (var (kind, id) in steps)
        {
            kept.RemoveAll(entry => now - entry.At >= Lifetime);
            switch (kind)
            {
                case 0:
                    now += TimeSpan.FromSeconds(id);
                    sessions.Trim(now);
                    kept.RemoveAll(entry => now - entry.At >= Lifetime);
                    break;
                case < 4:
                    var session = Session($"p{id}");
                    kept.RemoveAll(entry => entry.Session.PrivateId == session.PrivateId);
                    kept.Add((session, now));
                    var forgotten = Math.Max(0, kept.Count - MaxSessions);
                    kept.RemoveRange(0, forgotten);
                    Assert.Equal(forgotten, sessions.Add(session, now));
                    break;
                default:
                    var expected = kept.Find(entry => entry.Session.PrivateId == $"p{id}").Session;
                    Assert.Same(expected, sessions.Take($"p{id}", now));
                    Assert.Null(sessions.Take($"p{id}", now));
                    kept.RemoveAll(entry => ReferenceEquals(entry.Session, expected));
                    break;
            }

            Assert.Equal(kept.Count, sessions.Count);
            Assert.Equal(kept.Count == 0 ? null : kept[0].At, sessions.OldestAt);
        }
    }

    private static SocketSession Session(string privateId) => new()
    {
        SocketId = "s" + privateId,
        PrivateId = privateId,
        Rooms = [],
        Data = new SocketData(new PacketSerializer()),
    };
}
