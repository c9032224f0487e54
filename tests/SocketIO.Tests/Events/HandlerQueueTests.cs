using OrleansRooms.SocketIO.Events;
using OrleansRooms.TestKit;

namespace OrleansRooms.SocketIO.Tests.Events;

public sealed class HandlerQueueTests
{
    private readonly Inbox<string> _started = new(() => "the queue");

    [Fact]
    public async Task TryPost_BeyondNumberOrBytes_Refuses()
    {
        var gate = new TaskCompletionSource();
        var queue = new HandlerQueue(isSequential: true, capacity: 2, maxBytes: 100);
        Assert.True(queue.TryPost(new Work(this, "running", size: 500, gate.Task)));
        await ExpectAsync("running");

        Assert.True(queue.TryPost(new Work(this, "a", size: 60)));
        Assert.False(queue.TryPost(new Work(this, "too big", size: 41)));
        Assert.True(queue.TryPost(new Work(this, "b", size: 40)));
        Assert.False(queue.TryPost(new Work(this, "too many")));
        queue.Post(new Work(this, "always", isEvent: false));

        gate.SetResult();
        await ExpectAsync("a", "b", "always");
        Assert.True(queue.TryPost(new Work(this, "again", size: 100)));
        await ExpectAsync("again");
    }

    [Fact]
    public async Task TryPost_OfOnePieceThatIsBiggerThanTheLimit_IsAllowedWhenNothingWaits()
    {
        var queue = new HandlerQueue(isSequential: true, capacity: 2, maxBytes: 100);

        Assert.True(queue.TryPost(new Work(this, "huge", size: 1_000)));

        await ExpectAsync("huge");
    }

    [Fact]
    public async Task PostEvent_BeyondNumberOrBytes_AsksToWaitUntilHalfIsFree()
    {
        var gate = new TaskCompletionSource();
        var queue = new HandlerQueue(isSequential: true, capacity: 10, maxBytes: 100);
        Assert.True(queue.PostEvent(new Work(this, "running", until: gate.Task)));
        await ExpectAsync("running");
        Assert.True(queue.PostEvent(new Work(this, "a", size: 40)));
        Assert.True(queue.WhenRelieved().IsCompleted);

        Assert.False(queue.PostEvent(new Work(this, "b", size: 60)));
        var relieved = queue.WhenRelieved();
        Assert.False(queue.PostEvent(new Work(this, "c", size: 60)));
        Assert.Same(relieved, queue.WhenRelieved());
        Assert.False(relieved.IsCompleted);

        gate.SetResult();
        await ExpectAsync("a", "b", "c");
        await relieved.WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.True(queue.PostEvent(new Work(this, "again", size: 60)));
    }

    [Fact]
    public async Task PostEvent_OfOneThatReachesTheLimitAlone_LeavesRoomForWhatItsHandlerWaitsFor()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var queue = new HandlerQueue(isSequential: false, capacity: 10, maxBytes: 100);

        Assert.True(queue.PostEvent(new Work(this, "huge", size: 1_000, first.Task)));
        Assert.True(queue.PostEvent(new Work(this, "small", size: 1)));
        Assert.False(queue.PostEvent(new Work(this, "huge again", size: 100, second.Task)));
        await ExpectAsync("huge", "small", "huge again");
        var (relieved, over) = (queue.WhenRelieved(), queue.WhenEventsOver());
        Assert.False(relieved.IsCompleted);
        first.SetResult();
        await relieved.WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.False(over.IsCompleted);
        second.SetResult();
        await over.WaitAsync(Inbox<int>.DefaultTimeout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PostEvent_WhileOthersRun_CountsTheirBytesUntilTheyHaveCompleted(bool isSequential)
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var queue = new HandlerQueue(isSequential, capacity: 10, maxBytes: 100);
        Assert.True(queue.PostEvent(new Work(this, "first", size: 60, first.Task)));
        Assert.False(queue.PostEvent(new Work(this, "second", size: 50, second.Task)));
        await ExpectAsync(isSequential ? ["first"] : ["first", "second"]);
        var relieved = queue.WhenRelieved();

        // Outgoing events wait for their listeners beside them, not behind them.
        Assert.True(queue.TryPost(new Work(this, "outgoing", size: 40, isEvent: false, isSequential: false)));
        Assert.False(relieved.IsCompleted);
        first.SetResult();
        await relieved.WaitAsync(Inbox<int>.DefaultTimeout);

        Assert.False(queue.PostEvent(new Work(this, "third", size: 50)));
        second.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_ThatHaveCompleted_TakeNoRoom(bool isSequential)
    {
        const int events = 1_000;
        var queue = new HandlerQueue(isSequential, capacity: 2, maxBytes: 100);
        for (var i = 0; i < events; i++)
        {
            queue.PostEvent(new Work(this, $"{i}", until: i % 7 == 0 ? Task.Run(() => { }) : null));
        }

        await ExpectAsync([.. Enumerable.Range(0, events).Select(i => $"{i}")]);
        await queue.WhenRelieved().WaitAsync(Inbox<int>.DefaultTimeout);
        Assert.True(queue.PostEvent(new Work(this, "one more")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PostLast_LetsNobodyWaitAnyMore(bool isSequential)
    {
        var gate = new TaskCompletionSource();
        var queue = new HandlerQueue(isSequential, capacity: 1, maxBytes: 100);
        queue.PostEvent(new Work(this, "running", until: gate.Task));
        queue.PostEvent(new Work(this, "second", until: gate.Task));
        await ExpectAsync("running");
        var relieved = queue.WhenRelieved();
        Assert.False(relieved.IsCompleted);

        queue.PostLast(new Work(this, "last", isEvent: false, isSequential: false));

        await relieved.WaitAsync(Inbox<int>.DefaultTimeout);
        queue.PostEvent(new Work(this, "too late", until: gate.Task));
        Assert.True(queue.WhenRelieved().IsCompleted);
        gate.SetResult();
    }

    [Fact]
    public async Task PostLast_InSequentialMode_DropsEventsAndOvertakesTheRunningOne()
    {
        var gate = new TaskCompletionSource();
        var queue = new HandlerQueue(isSequential: true, capacity: 10, maxBytes: 100);
        queue.TryPost(new Work(this, "running", until: gate.Task));
        await ExpectAsync("running");
        queue.TryPost(new Work(this, "event", size: 100));
        queue.Post(new Work(this, "no event", isEvent: false, isSequential: false));

        Assert.Equal(1, queue.PostLast(new Work(this, "last", isEvent: false, isSequential: false)));

        await ExpectAsync("no event", "last");
        Assert.True(queue.TryPost(new Work(this, "bytes are free again", size: 100)));
        gate.SetResult();
        await ExpectAsync("bytes are free again");
    }

    [Fact]
    public async Task PostLast_InTheOtherMode_DropsNothing()
    {
        using var gate = new ManualResetEventSlim();
        var queue = new HandlerQueue(isSequential: false, capacity: 10, maxBytes: 100);
        queue.TryPost(new Work(this, "blocking", block: gate));
        await ExpectAsync("blocking");
        queue.TryPost(new Work(this, "event"));

        Assert.Equal(0, queue.PostLast(new Work(this, "last", isEvent: false, isSequential: false)));

        gate.Set();
        await ExpectAsync("event", "last");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Posting_FromManyThreads_StartsEachPieceOnceInTheOrderOfItsThread(bool sequential)
    {
        const int Threads = 4;
        const int PerThread = 500;
        var queue = new HandlerQueue(sequential, capacity: Threads * PerThread, maxBytes: 100);
        var all = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                Assert.True(queue.TryPost(new Work(this, $"{thread}:{i}", until: i % 7 == 0 ? Task.Run(() => { }) : null)));
            }
        }));
        await Task.WhenAll(all);

        var next = new int[Threads];
        for (var i = 0; i < Threads * PerThread; i++)
        {
            var parts = (await _started.TakeAsync(_ => true, "a piece")).Split(':');
            Assert.Equal(next[int.Parse(parts[0], null)]++, int.Parse(parts[1], null));
        }

        Assert.Empty(_started.Waiting);
    }

    private async Task ExpectAsync(params string[] names)
    {
        foreach (var name in names)
        {
            Assert.Equal(name, await _started.TakeAsync(_ => true, name));
        }
    }

    private sealed class Work(
        HandlerQueueTests test, string name, int size = 0, Task? until = null, bool isEvent = true, bool isSequential = true,
        ManualResetEventSlim? block = null) : IHandlerWork
    {
        public bool IsSequential => isSequential;

        public bool IsEvent => isEvent;

        public IHandlerWork? Next { get; set; }

        public int Size => size;

        public Task Start()
        {
            test._started.Add(name);
            block?.Wait();
            return until ?? Task.CompletedTask;
        }
    }
}
