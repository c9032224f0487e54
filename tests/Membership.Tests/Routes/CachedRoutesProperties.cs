using CsCheck;

namespace OrleansRooms.Membership.Tests.Routes;

/// <summary>
/// The argument of docs/decisions/0016 as a model of one room: its owner is lost and comes up anew, the directory starts anew, nodes come,
/// stand still, are declared dead and register again, join, leave, ask for routes and keep them, and whatever one says to another arrives
/// in any order, late, or for the second time. Whenever a node sends by a route that it kept, the packet goes to every node whose join has
/// been acknowledged.
/// </summary>
/// <remarks>
/// The rules of owners, of the directory, of caches and of what nodes announce are the real ones. Assumed is that an owner which comes up
/// in place of a lost one reads a generation that has risen since the loss, which <c>CompletenessProperties</c> of the grains' tests holds,
/// and that living nodes reach a new directory while it listens.
/// </remarks>
public sealed class CachedRoutesProperties
{
    [Theory]
    [InlineData(1_500)]
    public void KeptRoute_LeadsToEveryNodeWhoseJoinIsAcknowledged(int histories)
    {
        var hits = 0;
        var missedByNone = 0;
        var spared = 0;
        Gen.Select(Gen.Enum<RouteStep>(), Gen.Int[0, 2], Gen.Int[0, 20]).Array[1, 300].Sample(
            steps =>
            {
                var world = new RouteWorld();
                foreach (var (step, which, number) in steps)
                {
                    world.Take(step, which, number);
                    world.AssertRoutes();
                }

                Interlocked.Add(ref hits, world.Hits);
                Interlocked.Add(ref missedByNone, world.Acknowledged);
                Interlocked.Add(ref spared, world.Spared);
            },
            iter: histories);

        // The histories are not such that nothing is ever kept, or nobody ever waits to the end, or is spared a question.
        Assert.True(
            hits > histories && missedByNone > histories && spared > 0,
            $"{hits} routes were used, {missedByNone} with acknowledged joins of others; {spared} times nobody had to be asked again.");
    }
}
