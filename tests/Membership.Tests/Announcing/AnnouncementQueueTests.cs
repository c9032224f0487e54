using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using OrleansRooms.Membership.Announcing;
using OrleansRooms.Messaging.Routing;

namespace OrleansRooms.Membership.Tests.Announcing;

public sealed class AnnouncementQueueTests : IDisposable
{
    private const int Slots = 16;
    private const int PatientSlots = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly AnnouncementQueue _queue;
    private readonly Announcer _announcer = new();

    public AnnouncementQueueTests() => _queue = new AnnouncementQueue(Slots, _time);

    public void Dispose()
    {
        _queue.Dispose();
        _announcer.Dispose();
    }

    [Theory]
    [InlineData(false, PatientSlots)]
    [InlineData(true, Slots)]
    public void NoMoreBeginThanThereAreSlots_AndThePatientHaveAPartOfThem(bool isUrgent, int most)
    {
        var urgency = isUrgent ? Urgency.Urgent : Urgency.Patient;
        for (var i = 0; i < Slots + 5; i++)
        {
            _queue.Add(_announcer, Owners(i), urgency);
        }

        _time.Advance(AnnouncementQueue.Gathering);
        var begun = _announcer.Take(most);

        Assert.Equal(Enumerable.Range(0, most).Select(i => $"{i}"), begun);
        Assert.True(_announcer.IsIdle);
        _queue.Release(urgency);
        Assert.Equal([$"{most}"], _announcer.Take(1));
        Assert.True(_announcer.IsIdle);
    }

    [Fact]
    public void UrgentOnes_DoNotWaitForPatientOnesThatUseTheirSlots()
    {
        for (var i = 0; i < Slots; i++)
        {
            _queue.Add(_announcer, Owners(i), Urgency.Patient);
        }

        _time.Advance(AnnouncementQueue.Gathering);
        _announcer.Take(PatientSlots);
        _queue.Add(_announcer, Owners(100), Urgency.Urgent);

        Assert.Equal(["100"], _announcer.Take(1));
    }

    [Fact]
    public void PatientOnes_HaveTheirTurnHoweverManyUrgentOnesWait()
    {
        for (var i = 0; i < Slots * 3; i++)
        {
            _queue.Add(_announcer, Owners(i), Urgency.Urgent);
        }

        _announcer.Take(Slots);
        _queue.Add(_announcer, Owners(100), Urgency.Patient);
        _queue.Release(Urgency.Urgent);
        _queue.Release(Urgency.Urgent);

        Assert.Contains("100", _announcer.Take(2));
    }

    [Fact]
    public void OneSlot_IsForBothInTurn()
    {
        using var queue = new AnnouncementQueue(slots: 1, _time);
        queue.Add(_announcer, Owners(0), Urgency.Patient);
        _announcer.Take(1);
        for (var i = 1; i <= 2; i++)
        {
            queue.Add(_announcer, Owners(i), Urgency.Patient);
            queue.Add(_announcer, Owners(10 + i), Urgency.Urgent);
        }

        _time.Advance(AnnouncementQueue.Gathering);
        var begun = new List<string>();
        var last = Urgency.Patient;
        for (var i = 0; i < 4; i++)
        {
            queue.Release(last);
            var next = _announcer.Take(1)[0];
            begun.Add(next);
            last = next.Length > 1 ? Urgency.Urgent : Urgency.Patient;
        }

        Assert.Equal(["11", "1", "12", "2"], begun);
    }

    [Fact]
    public void WhatIsGivenBackWhileItBegins_IsUsedByTheNext()
    {
        // As for owners whose turn comes twice.
        _announcer.OnBegin = urgency => _queue.Release(urgency);
        for (var i = 0; i < 1000; i++)
        {
            _queue.Add(_announcer, Owners(i), Urgency.Patient);
        }

        _time.Advance(AnnouncementQueue.Gathering);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), _announcer.Take(1000));
    }

    [Fact]
    public void PatientOnes_BeginAtOnceWhereNothingElseHappens_AndGatherAfterThat()
    {
        _queue.Add(_announcer, Owners(0), Urgency.Patient);
        Assert.Equal(["0"], _announcer.Take(1));
        _queue.Release(Urgency.Patient);

        _queue.Add(_announcer, Owners(1), Urgency.Patient);
        _queue.Add(_announcer, Owners(2), Urgency.Urgent);
        Assert.Equal(["2"], _announcer.Take(1));
        _time.Advance(AnnouncementQueue.Gathering - TimeSpan.FromMilliseconds(1));
        _queue.Add(_announcer, Owners(3), Urgency.Urgent);
        Assert.Equal(["3"], _announcer.Take(1));
        Assert.True(_announcer.IsIdle);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["1"], _announcer.Take(1));
        _queue.Release(Urgency.Patient);

        // Nobody has gathered, so the next begins at once again.
        _time.Advance(AnnouncementQueue.Gathering);
        _queue.Add(_announcer, Owners(4), Urgency.Patient);
        Assert.Equal(["4"], _announcer.Take(1));
    }

    private static OwnerGroup Owners(int i) => new(i);

    private sealed class Announcer : IAnnouncer, IDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

        private readonly BlockingCollection<string> _begun = [];

        public Action<Urgency>? OnBegin { get; set; }

        public bool IsIdle => _begun.Count == 0;

        public void Begin(OwnerGroup owners, Urgency urgency)
        {
            _begun.Add($"{owners.Silo}");
            OnBegin?.Invoke(urgency);
        }

        public List<string> Take(int count)
        {
            var taken = new List<string>();
            while (taken.Count < count)
            {
                Assert.True(_begun.TryTake(out var room, Limit), "Fewer have begun than should have.");
                taken.Add(room);
            }

            return taken;
        }

        public void Dispose() => _begun.Dispose();
    }
}
