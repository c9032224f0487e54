using CsCheck;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Messaging.Queries;

namespace OrleansRooms.Messaging.Tests.Queries;

public sealed class RoomMirrorTests
{
    private static readonly Guid First = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly Guid Second = new(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    [Fact]
    public void FirstList_TellsNothingOfWhatIsThereAlready()
    {
        var mirror = new RoomMirror();
        Assert.False(mirror.IsKnown);
        Assert.Empty(mirror.Take(Whole(First, 0, "r", "s")));
        Assert.True(mirror.IsKnown);
        Assert.Equal(new RoomLogPosition(First, 0), mirror.Position);
    }

    [Fact]
    public void ListOfAnotherActivation_TellsOnlyWhatIsDifferent()
    {
        var mirror = new RoomMirror();
        mirror.Take(Whole(First, 0, "r", "s"));
        mirror.Take(Changes(First, 1, new RoomExistence("t", true)));
        Assert.Empty(mirror.Take(Whole(Second, 0, "t", "s", "r")));
        Assert.Equal(
            [new("u", true), new("r", false)],
            mirror.Take(Whole(Second, 5, "s", "t", "u")));
    }

    [Fact]
    public void Changes_AreToldInTheirOrder()
    {
        var mirror = new RoomMirror();
        mirror.Take(Whole(First, 0));
        Assert.Equal(
            [new("r", true), new("r", false), new("r", true)],
            mirror.Take(Changes(First, 3, new("r", true), new("r", false), new("r", true))));
    }

    // Whatever is merged, listed anew or lost with an activation: comings and goings alternate for each room, and add up to what there is.
    [Fact]
    public void Told_AlternatesForEachRoomAndAddsUp() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 60].Sample(steps =>
        {
            var mirror = new RoomMirror();
            var rooms = new HashSet<string>();
            var told = new HashSet<string>();
            var pending = new List<RoomExistence>();
            var log = First;
            mirror.Take(Whole(log, 0));
            foreach (var (room, action) in steps)
            {
                var name = $"r{room}";
                pending.Add(new RoomExistence(name, rooms.Add(name) || !rooms.Remove(name)));
                switch (action)
                {
                    case 0:
                        Check(mirror.Take(Changes(log, 0, [.. pending])), told);
                        pending.Clear();
                        break;
                    case 1:
                        log = Guid.NewGuid();
                        Check(mirror.Take(Whole(log, 0, [.. rooms])), told);
                        pending.Clear();
                        break;
                }
            }

            Check(mirror.Take(Whole(Second, 0, [.. rooms])), told);
            Assert.Equal(rooms.Order(), told.Order());
        });

    private static void Check(IReadOnlyList<RoomExistence> changes, HashSet<string> told)
    {
        foreach (var (room, exists) in changes) Assert.True(exists ? told.Add(room) : told.Remove(room));
    }

    private static RoomNews Whole(Guid log, long number, params string[] rooms) =>
        new(new RoomLogPosition(log, number), IsWhole: true, [.. rooms.Select(room => new RoomExistence(room, true))]);

    private static RoomNews Changes(Guid log, long number, params RoomExistence[] changes) =>
        new(new RoomLogPosition(log, number), IsWhole: false, [.. changes]);
}
