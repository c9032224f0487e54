using OrleansRooms.SocketIO.Events;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Events;

public sealed class HeldEmitsTests
{
    private readonly TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Inbox<(string Name, bool HasRoom)> _begun = new(() => "the queue");

    [Fact]
    public async Task Events_OfASocketWithManyHeldEmits_BeginWhenThereIsRoom()
    {
        var queue = Queue();
        for (var i = 0; i < 3 * HeldEmits.Many; i++) queue.PostEvent(new Event(this, "flood", () => Emit()));
        for (var i = 0; i < HeldEmits.Many; i++) Assert.False((await NextAsync()).HasRoom);

        // Another socket's do not wait for it, nor do those that emit nothing.
        var other = Queue();
        other.PostEvent(new Event(this, "other", () => Emit()));
        other.PostEvent(new Event(this, "other", () => Task.CompletedTask));
        Assert.Equal(("other", false), await NextAsync());
        Assert.Equal(("other", false), await NextAsync());

        _room.SetResult();
        for (var i = 0; i < 2 * HeldEmits.Many; i++) Assert.Equal(("flood", true), await NextAsync());
    }

    [Fact]
    public async Task Emits_ThatNobodyAwaits_HoldUpAllTheSame()
    {
        var queue = Queue();
        for (var i = 0; i < 2 * HeldEmits.Many; i++)
        {
            queue.PostEvent(new Event(this, "flood", () =>
            {
                _ = Emit();
                return Task.CompletedTask;
            }));
        }

        for (var i = 0; i < HeldEmits.Many; i++) Assert.False((await NextAsync()).HasRoom);
        _room.SetResult();
        for (var i = 0; i < HeldEmits.Many; i++) Assert.True((await NextAsync()).HasRoom);
    }

    [Fact]
    public async Task Emits_AfterAWaitOfTheHandler_HoldUpToo()
    {
        var queue = Queue();
        var emitted = new CountdownEvent(HeldEmits.Many);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < HeldEmits.Many; i++)
        {
            queue.PostEvent(new Event(this, "early", async () =>
            {
                await go.Task;
                var emit = Emit();
                emitted.Signal();
                await emit;
            }));
            await NextAsync();
        }

        go.SetResult();
        emitted.Wait(Inbox<int>.DefaultTimeout);
        queue.PostEvent(new Event(this, "late", () => Task.CompletedTask));
        _room.SetResult();
        Assert.Equal(("late", true), await NextAsync());
    }

    [Fact]
    public async Task LastPiece_WaitsForNoRoom()
    {
        var queue = Queue();
        for (var i = 0; i < 2 * HeldEmits.Many; i++) queue.PostEvent(new Event(this, "flood", () => Emit()));
        for (var i = 0; i < HeldEmits.Many; i++) await NextAsync();
        queue.PostLast(new Event(this, "last", () => Task.CompletedTask) { IsEvent = false });
        for (var i = 0; i < HeldEmits.Many; i++) Assert.Equal(("flood", false), await NextAsync());
        Assert.Equal(("last", false), await NextAsync());
    }

    [Fact]
    public void Watch_OfWhatIsOver_LeavesItAsItIs() => Assert.True(HeldEmits.Watch(default).AsTask().IsCompletedSuccessfully);

    private static HandlerQueue Queue() => new(isSequential: false, capacity: 1000, maxBytes: 1000);

    private Task Emit() => HeldEmits.Watch(new ValueTask(_room.Task)).AsTask();

    private Task<(string Name, bool HasRoom)> NextAsync() => _begun.TakeAsync(_ => true, "the next piece");

    private sealed class Event(HeldEmitsTests tests, string name, Func<Task> handler) : IHandlerWork
    {
        public bool IsSequential => true;

        public bool IsEvent { get; init; } = true;

        public IHandlerWork? Next { get; set; }

        public Task Start()
        {
            tests._begun.Add((name, tests._room.Task.IsCompleted));
            return handler();
        }
    }
}
