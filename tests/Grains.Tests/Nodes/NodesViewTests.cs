using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Grains.Nodes;

namespace OrleansRooms.Grains.Tests.Nodes;

/// <summary>What a silo knows and who has to hear of it, without anybody who asks.</summary>
public sealed class NodesViewTests
{
    private static readonly NodeIdentity A = new("a", 1);
    private static readonly NodeIdentity B = new("b", 1);

    private readonly NodesView _view = new();
    private readonly Dependent _one = new();
    private readonly Dependent _other = new();

    [Fact]
    public void Departure_ConcernsThoseWhoDependOnTheNodeAndHaveNotLetGo()
    {
        _view.TryDepend(_one, A);
        _view.TryDepend(_one, B);
        _view.TryDepend(_other, A);
        _view.Release(_other, [A, B]);

        Assert.True(_view.TryAccept(View(change: 1, living: [B], departed: [A]), out var affected));
        var (node, dependents) = Assert.Single(affected);
        Assert.Equal((A, _one), (node, Assert.Single(dependents)));
    }

    [Fact]
    public void Departure_IsNewsOnceAndEndsWhatDepended()
    {
        _view.TryDepend(_one, A);
        _view.TryAccept(View(change: 1, living: [], departed: [A]), out _);

        Assert.True(_view.TryAccept(View(change: 2, living: [], departed: [A]), out var affected));
        Assert.Empty(affected);
        Assert.False(_view.IsNewsAwaited);
        Assert.False(_view.TryDepend(_one, A));
    }

    [Fact]
    public void AnswerThatWasOvertaken_ChangesNothing()
    {
        _view.TryDepend(_one, A);
        _view.TryAccept(View(change: 2, living: [A], departed: []), out _);

        Assert.False(_view.TryAccept(View(change: 1, living: [], departed: [A]), out var affected));
        Assert.Empty(affected);
        Assert.Contains(A, _view.Now.Living);
    }

    [Fact]
    public void AnswerOfAnotherDirectory_IsTakenWhateverItsCount()
    {
        _view.TryAccept(View(change: 7, living: [A], departed: []), out _);

        Assert.True(_view.TryAccept(View(change: 0, living: [B], departed: [], activation: 2), out _));
        Assert.Equal([B], _view.Now.Living);
    }

    [Fact]
    public void News_AreAwaitedWhileAnybodyDependsOrAGenerationIsNotSettled()
    {
        // Where the directory has said nothing yet, whatever it says is news.
        Assert.True(_view.IsNewsAwaited);
        _view.TryAccept(View(change: 0, living: [], departed: []), out _);
        Assert.False(_view.IsNewsAwaited);
        _view.TryDepend(_one, A);
        Assert.True(_view.IsNewsAwaited);
        _view.Release(_one, [A]);
        Assert.False(_view.IsNewsAwaited);

        _view.Await(5);
        _view.Await(3);
        _view.TryAccept(View(change: 1, living: [], departed: [], settled: 4), out _);
        Assert.True(_view.IsNewsAwaited);
        _view.TryAccept(View(change: 2, living: [], departed: [], settled: 5), out _);
        Assert.False(_view.IsNewsAwaited);
    }

    [Fact]
    public void NodesInDoubt_AreThoseOfWhichTheDirectorySaysNothing()
    {
        _view.TryDepend(_one, A);
        _view.TryDepend(_one, B);
        Assert.Equal([A, B], _view.NodesInDoubt().OrderBy(node => node.Id));

        _view.TryAccept(View(change: 1, living: [A], departed: []), out _);
        Assert.Equal([B], _view.NodesInDoubt().AsEnumerable());
    }

    private static DirectoryView View(long change, NodeIdentity[] living, NodeIdentity[] departed, long settled = 0, long activation = 1) =>
        new(new DirectoryVersion(activation, change), [.. living], [.. departed], Generation: settled, Settled: settled);

    private sealed class Dependent : INodeDependent
    {
        public void OnDeparted(NodeIdentity node) => throw new InvalidOperationException("The view tells nobody.");
    }
}
