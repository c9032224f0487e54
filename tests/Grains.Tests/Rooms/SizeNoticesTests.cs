using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Grains.Rooms;

namespace OrleansRooms.Grains.Tests.Rooms;

public sealed class SizeNoticesTests
{
    private static readonly NodeIdentity A = new("a", 5);
    private static readonly NodeIdentity B = new("b", 5);
    private static readonly NodeIdentity C = new("c", 5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly RoomMembership _rooms = new();
    private readonly HeldSender _sender = new();
    private readonly SizeNotices _notices;

    public SizeNoticesTests() => _notices = new SizeNotices(_rooms, "key", "/chat", _sender, _time);

    [Fact]
    public void Change_WithWatchers_TellsEachWatcherInTheRoomOnce()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        _sender.Complete(true);
        Say(Deltas.Join(B, 1, "red", "s2").Watching());
        _sender.Complete(true);
        Say(Deltas.Join(C, 1, "red", "s3"));
        var sent = _sender.Complete(true);

        Assert.Equal([A, B], sent.Select(send => send.Node).OrderBy(node => node.Id, StringComparer.Ordinal));
        Assert.All(sent, send =>
        {
            Assert.Equal("key", send.ClusterKey);
            Assert.Equal(new NodeIdentity("", 0), send.Batch.From);
            var notice = Assert.Single(send.Batch.Envelopes);
            Assert.Equal(EnvelopeKind.RoomSizeChanged, notice.Kind);
            Assert.Equal("/chat", notice.Namespace);
            Assert.Equal(["red"], notice.Targets);
            Assert.Equal(3, notice.Count);
        });
        Assert.True(_notices.Sending.IsCompleted);
    }

    [Fact]
    public void Changes_WhileARoundIsUnderWay_AreToldTogetherAndLast()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        for (var version = 2; version <= 50; version++)
        {
            Say(Deltas.Join(A, version, "red", $"s{version}").Watching());
        }

        var first = Assert.Single(_sender.Complete(true));
        var second = Assert.Single(_sender.Complete(true));
        Assert.Equal(1, Assert.Single(first.Batch.Envelopes).Count);
        Assert.Equal(50, Assert.Single(second.Batch.Envelopes).Count);
        Assert.True(second.Batch.Envelopes[0].Version > first.Batch.Envelopes[0].Version);
        Assert.True(_notices.Sending.IsCompleted);
    }

    [Fact]
    public void MoreNoticesThanOneMessageCarries_TravelInSeveral()
    {
        var delta = Deltas.Join(A, 1, "red", "s1").Watching();
        var rooms = Enumerable.Range(0, 5).Select(i => i + new string('x', 400_000)).ToArray();
        Say(delta with { Changes = [.. rooms.Select(room => new MembershipChange(room, "s1", true))] });
        var sent = _sender.Complete(true);

        Assert.Equal([2, 2, 1], sent.Select(send => send.Batch.Envelopes.Length));
        Assert.Equal(
            rooms, sent.SelectMany(send => send.Batch.Envelopes).Select(notice => notice.Targets[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SeveralRooms_OfOneNode_TravelInOneBatch()
    {
        var delta = Deltas.Join(A, 1, "red", "s1").Watching();
        Say(delta with { Changes = [.. delta.Changes, new MembershipChange("blue", "s1", true)] });
        var batch = Assert.Single(_sender.Complete(true)).Batch;
        Assert.Equal(["blue", "red"], batch.Envelopes.Select(notice => notice.Targets[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task FailedSend_IsRepeatedWithTheLatestSizeAfterAPause()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        _sender.Complete(false);
        Say(Deltas.Join(A, 2, "red", "s2").Watching());
        Assert.Empty(_sender.UnderWay);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _sender.WaitForSendAsync();
        Assert.Equal(2, Assert.Single(Assert.Single(_sender.Complete(true)).Batch.Envelopes).Count);
        await _notices.Sending.WaitAsync(RoomsCluster.Patience);
    }

    [Fact]
    public async Task FailedSend_ToNodeThatDepartsMeanwhile_IsNotRepeated()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        _sender.Complete(false);
        _rooms.Forget(A);
        _notices.Flush();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _notices.Sending.WaitAsync(RoomsCluster.Patience);
        Assert.Empty(_sender.UnderWay);
    }

    [Fact]
    public void Stop_WhileARoundIsUnderWay_BeginsNoOther()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        Say(Deltas.Join(A, 2, "red", "s2").Watching());
        _notices.Stop();
        _sender.Complete(true);
        Assert.Empty(_sender.UnderWay);
        Say(Deltas.Join(A, 3, "red", "s3").Watching());
        Assert.Empty(_sender.UnderWay);
    }

    [Fact]
    public void Version_OfALaterActivation_IsHigher()
    {
        Say(Deltas.Join(A, 1, "red", "s1").Watching());
        var earlier = _sender.Complete(true)[0].Batch.Envelopes[0].Version;

        _time.Advance(TimeSpan.FromMilliseconds(1));
        var rooms = new RoomMembership();
        var later = new SizeNotices(rooms, "key", "/chat", _sender, _time);
        rooms.Apply(Deltas.Snapshot(A, 1, "red", "s1").Watching(), out _);
        later.Flush();
        Assert.True(_sender.Complete(true)[0].Batch.Envelopes[0].Version > earlier);
    }

    private void Say(MembershipDelta delta)
    {
        Assert.Equal(MembershipOutcome.Applied, _rooms.Apply(delta, out _));
        _notices.Flush();
    }

    /// <summary>Holds every send until the test completes the round.</summary>
    private sealed class HeldSender : INoticeSender
    {
        private readonly List<(Send Send, TaskCompletionSource<bool> Sent)> _underWay = [];
        private TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IEnumerable<Send> UnderWay => _underWay.Select(each => each.Send);

        public Task<bool> TrySendAsync(string clusterKey, NodeIdentity node, EnvelopeBatch batch)
        {
            var sent = new TaskCompletionSource<bool>();
            _underWay.Add((new Send(clusterKey, node, batch), sent));
            _begun.TrySetResult();
            return sent.Task;
        }

        public Task WaitForSendAsync() => _begun.Task.WaitAsync(RoomsCluster.Patience);

        public Send[] Complete(bool success)
        {
            var round = _underWay.ToArray();
            _underWay.Clear();
            _begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var (_, sent) in round)
            {
                sent.SetResult(success);
            }

            return [.. round.Select(each => each.Send)];
        }
    }

    private sealed record Send(string ClusterKey, NodeIdentity Node, EnvelopeBatch Batch);
}
