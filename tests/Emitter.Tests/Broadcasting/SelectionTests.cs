using CsCheck;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Emitter.Broadcasting;

namespace OrleansRooms.Emitter.Tests.Broadcasting;

public sealed class SelectionTests
{
    [Fact]
    public void AnyOrderOfModifiers_SelectsTheUnionAndLeavesFormerSelectionsAlone()
    {
        var rooms = Gen.String[Gen.Char['a', 'e'], 1, 1].Array[0, 4];
        Gen.Select(rooms, Gen.Bool, (names, isExcept) => (names, isExcept)).Array[0, 6].Sample(steps =>
        {
            var selection = Selection.All;
            List<string> expectedRooms = [], expectedExcept = [];
            foreach (var (names, isExcept) in steps)
            {
                var (former, formerRooms) = (selection, selection.Rooms);
                selection = isExcept ? selection.ButNot(names) : selection.To(names);
                (isExcept ? expectedExcept : expectedRooms).AddRange(names);
                Assert.Equal(formerRooms, former.Rooms);
            }

            var envelope = selection.ToEnvelope(EnvelopeKind.Broadcast, "/n");
            Assert.Equal(expectedRooms.Distinct(), envelope.Rooms);
            Assert.Equal(expectedExcept.Distinct(), envelope.Except);
        });
    }

    [Fact]
    public void Flags_AddUpAndCompressionCanBeTakenBack()
    {
        var selection = Selection.All.With(EnvelopeFlags.Volatile).Compress(false);

        Assert.Equal(EnvelopeFlags.Volatile | EnvelopeFlags.NoCompress, selection.ToEnvelope(EnvelopeKind.Broadcast, "/").Flags);
        Assert.Equal(EnvelopeFlags.Volatile, selection.Compress(true).Flags);
        Assert.Equal(EnvelopeFlags.None, Selection.All.Flags);
    }

    [Fact]
    public void RoomThatIsNull_IsRefused() => Assert.Throws<ArgumentNullException>(() => Selection.All.To("a", null!));
}
