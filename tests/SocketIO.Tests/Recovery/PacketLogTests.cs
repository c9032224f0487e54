using System.Text;
using CsCheck;
using OrleansRooms.Protocol.SocketIO;
using OrleansRooms.SocketIO.Adapters;
using OrleansRooms.SocketIO.Recovery;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>What the log keeps, for how long, and for whom (protocol.md 2.13).</summary>
public sealed class PacketLogTests
{
    private const int MaxPackets = 12;
    private const int MaxBytes = 6000;
    private const string Name = "Q85DFS";
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private static readonly string[] Rooms = ["a", "b", "c"];
    private static readonly PacketSerializer Serializer = new();

    [Fact]
    public void Add_APacket_AppendsItsOffset()
    {
        var log = CreateLog();

        var first = log.Add(Serializer.Event("/", "hello", [1]), BroadcastOptions.All, TimeSpan.Zero, out _);
        var second = log.Add(Serializer.Event("/", "hello", [new byte[] { 1 }]), BroadcastOptions.All, TimeSpan.Zero, out _);

        Assert.Equal("""["hello",1,"Q85DFS1"]""", Text(first));
        Assert.Equal("""["hello",{"_placeholder":true,"num":0},"Q85DFS2"]""", Text(second));
        Assert.Single(second.Attachments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Q85DFS")]
    [InlineData("Q85DFS3")]
    [InlineData("Q85DFS-1")]
    [InlineData("Q85DFS 1")]
    [InlineData("Q85DFS1 ")]
    [InlineData("Q85DFS99999999999999999999")]
    [InlineData("q85dfs1")]
    [InlineData("another1")]
    public void Read_WithAnOffsetThatWasNeverGiven_GivesNothing(string offset)
    {
        var log = CreateLog();
        log.Add(Serializer.Event("/", "one", []), BroadcastOptions.All, TimeSpan.Zero, out _);
        log.Add(Serializer.Event("/", "two", []), BroadcastOptions.All, TimeSpan.Zero, out _);

        Assert.False(log.Knows(offset));
        Assert.False(log.TryRead(offset, ["a"], out _));
    }

    [Fact]
    public void Position_IsTheOffsetOfWhatWasAddedLast()
    {
        var log = CreateLog();
        var nothing = log.Position;
        log.Add(Serializer.Event("/", "one", []), BroadcastOptions.All, TimeSpan.Zero, out _);
        var one = log.Position;

        Assert.Equal(("Q85DFS0", "Q85DFS1"), (nothing, one));
        Assert.True(log.TryRead(nothing, ["a"], out var missed));
        Assert.Equal("""["one","Q85DFS1"]""", Text(Assert.Single(missed)));
        Assert.True(log.TryRead(one, ["a"], out missed));
        Assert.Empty(missed);
        log.Trim(Lifetime);
        Assert.Equal(one, log.Position);
        Assert.False(log.Knows(nothing));
    }

    [Fact]
    public void Read_AfterTheLastSeenEventItselfIsGone_StillWorks()
    {
        // A namespace that has been quiet for long: nothing was missed, so there is no reason to begin anew.
        var log = CreateLog();
        log.Add(Serializer.Event("/", "seen", []), BroadcastOptions.All, TimeSpan.Zero, out _);

        log.Trim(Lifetime);

        Assert.Equal(0, log.Count);
        Assert.True(log.TryRead(Name + "1", ["a"], out var missed));
        Assert.Empty(missed);
    }

    [Fact]
    public void Add_APacketLargerThanTheLimit_KeepsNothingAndForgetsWhoMissedIt()
    {
        var log = CreateLog();
        log.Add(Serializer.Event("/", "seen", []), BroadcastOptions.All, TimeSpan.Zero, out _);

        log.Add(Serializer.Event("/", "huge", [new byte[MaxBytes]]), BroadcastOptions.All, TimeSpan.Zero, out var forgotten);

        Assert.Equal(2, forgotten);
        Assert.Equal(0, log.Bytes);
        Assert.False(log.Knows(Name + "1"));
        Assert.True(log.Knows(Name + "2"));
    }

    /// <summary>Random events and clients against a list that keeps the rules in the plainest way.</summary>
    [Fact]
    public void Log_UnderAnySteps_GivesExactlyWhatWasMissedOrNothing() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 900]).Array[1, 120].Sample(steps => Run(steps));

    private static void Run((int Kind, int Rooms, int Except, int Size)[] steps)
    {
        var log = CreateLog();
        var all = new List<(Packet Packet, BroadcastOptions Options, TimeSpan At)>();
        var gone = 0;
        var now = TimeSpan.Zero;
        foreach (var (kind, rooms, except, size) in steps)
        {
            if (kind == 0)
            {
                now += TimeSpan.FromMilliseconds(size * 4);
                log.Trim(now);
                gone = Math.Max(gone, all.FindLastIndex(entry => now - entry.At >= Lifetime) + 1);
            }
            else if (kind < 6)
            {
                var options = BroadcastOptions.All.To(Subset(rooms)).ButNot(Subset(except));
                var before = log.Count;
                all.Add((log.Add(Serializer.Event("/", "e", [new string('x', size)]), options, now, out var forgotten), options, now));
                Assert.Equal(before + 1 - forgotten, log.Count);
                gone += forgotten;
            }
            else if (all.Count > 0)
            {
                // A client that has seen the packet of this number.
                var seen = size % all.Count + 1;
                var own = Subset(rooms);
                if (log.TryRead($"{Name}{seen}", own, out var missed))
                {
                    Assert.True(seen >= gone);
                    Assert.Equal(all.Skip(seen).Where(entry => IsFor(own, entry.Options)).Select(entry => entry.Packet), missed);
                }
                else
                {
                    Assert.True(seen < gone);
                }
            }

            Assert.Equal(all.Count - gone, log.Count);
            Assert.InRange(log.Count, 0, MaxPackets);
            Assert.InRange(log.Bytes, 0, MaxBytes);
            Assert.Equal(log.Count == 0 ? null : all[gone].At, log.OldestAt);
        }
    }

    private static bool IsFor(string[] own, BroadcastOptions options) =>
        (options.Rooms.IsEmpty || own.Intersect(options.Rooms).Any()) && !own.Intersect(options.Except).Any();

    private static string[] Subset(int bits) => [.. Rooms.Where((_, i) => (bits & (1 << i)) != 0)];

    private static PacketLog CreateLog() => new(Name, MaxPackets, MaxBytes, Lifetime);

    private static string Text(Packet packet) => Encoding.UTF8.GetString(packet.Payload.Span);
}
