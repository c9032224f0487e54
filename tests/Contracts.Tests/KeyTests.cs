using System.Net;
using System.Text;
using Orleans.Runtime;
using CsCheck;
using OrleansRooms.Contracts.Namespaces;
using OrleansRooms.Contracts.Nodes;
using OrleansRooms.Contracts.Rooms;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.Contracts.Tests;

public sealed class KeyTests
{
    // Names full of the characters that keys treat specially.
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Char["!~01/a"].Array[0, 6].Select(characters => new string(characters)), Gen.String);

    private static readonly Gen<int> Shard = Gen.Int[0, RoomShardKey.Count - 1];

    [Fact]
    public void RoomShardKey_AnyNames_ReadsBack() =>
        Gen.Select(Name, Name, Shard).Sample((cluster, ns, shard) =>
        {
            var key = new RoomShardKey(cluster, ns, shard);
            Assert.Equal(key, RoomShardKey.Parse(key.ToGrainKey()));
        });

    [Fact]
    public void RoomShardKey_DifferentNames_AreDifferentKeys() =>
        Gen.Select(Name, Name, Shard, Name, Name, Shard).Sample((cluster1, ns1, shard1, cluster2, ns2, shard2) =>
        {
            var first = new RoomShardKey(cluster1, ns1, shard1);
            var second = new RoomShardKey(cluster2, ns2, shard2);
            Assert.Equal(first == second, first.ToGrainKey() == second.ToGrainKey());
        });

    [Fact]
    public void Room_AnyName_IsOfOneShardAndStaysThereWhenItTravels() =>
        Name.Sample(room =>
        {
            var shard = RoomShardKey.ShardOf(room);
            Assert.InRange(shard, 0, RoomShardKey.Count - 1);
            Assert.Equal(shard, RoomShardKey.ShardOf(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(room))));
            Assert.Equal(
                default(MembershipDigest).With(room, room),
                default(MembershipDigest).With(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(room)), room));
        });

    [Fact]
    public void Room_WithHalfASurrogatePair_StaysInItsShardWhenItTravels()
    {
        foreach (var room in new[] { "\ud800", "a\udc00b", new string('\ud83d', 300) })
        {
            Assert.Equal(RoomShardKey.ShardOf(room), RoomShardKey.ShardOf(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(room))));
        }
    }

    [Fact]
    public void NamespaceKey_AnyNames_ReadsBack() =>
        Gen.Select(Name, Name).Sample((cluster, ns) =>
        {
            var key = new NamespaceKey(cluster, ns);
            Assert.Equal(key, NamespaceKey.Parse(key.ToGrainKey()));
        });

    [Fact]
    public void PrivateRooms_IncludeEverySocketId() =>
        Gen.Char["abcXYZ019-_"].Array[PrivateRooms.SocketIdLength].Select(characters => new string(characters))
            .Sample(socketId => Assert.True(PrivateRooms.Include(socketId)));

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAA", 54)]
    [InlineData("bXk-ZW5jb2RlZF9pZC0x", 51)]
    [InlineData("zzzzzzzzzzzzzzzzzzzz", 38)]
    public void Room_KnownName_StaysInItsShard(string room, int shard) =>
        Assert.Equal(shard, RoomShardKey.Of("key", "/", room).Shard);

    [Theory]
    [InlineData("room")]
    [InlineData("")]
    [InlineData("nineteen-characters")]
    [InlineData("twenty-one-characters")]
    [InlineData("twenty characters ok")]
    [InlineData("zwanzig-zeichen-äöü!")]
    public void PrivateRooms_IncludeNoOthers(string room) => Assert.False(PrivateRooms.Include(room));

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one!two")]
    [InlineData("one!two!three!four")]
    [InlineData("one!two!three")]
    [InlineData("one!two!64")]
    [InlineData("one!two!-1")]
    public void RoomShardKey_FromOtherKey_IsRefused(string grainKey) => Assert.Throws<FormatException>(() => RoomShardKey.Parse(grainKey));

    [Fact]
    public void StreamId_OfAnotherRunOrClusterKey_IsAnother()
    {
        var node = new NodeIdentity("a", 1);
        var address = new PacketStreamAddress(node, 1, "127.0.0.1:11111@7");
        Assert.Equal(
            address.ToStreamId("key"), new PacketStreamAddress(new NodeIdentity("a", 1), 1, "127.0.0.1:11111@7").ToStreamId("key"));
        Assert.NotEqual(address.ToStreamId("key"), (address with { Node = node with { Epoch = 2 } }).ToStreamId("key"));
        Assert.NotEqual(address.ToStreamId("key"), (address with { Number = 2 }).ToStreamId("key"));
        Assert.NotEqual(address.ToStreamId("key"), address.ToStreamId("other"));
    }

    [Theory]
    [InlineData("key", "a")]
    [InlineData("k/e/y", "a/b")]
    [InlineData("", "/")]
    public void StreamId_NamesTheHomeSilo(string clusterKey, string nodeId)
    {
        var silos = new[] { SiloAddress.New(IPAddress.Loopback, 11111, 5), SiloAddress.New(IPAddress.IPv6Loopback, 30000, 1234567) };
        foreach (var silo in silos)
        {
            var address = new PacketStreamAddress(new NodeIdentity(nodeId, 1), 3, silo.ToParsableString());
            Assert.Equal(silo, PacketStreamAddress.HomeOf(address.ToStreamId(clusterKey)));
        }
    }

    [Fact]
    public void StreamId_OfAProviderWithoutHomes_NamesNone() => Assert.Throws<FormatException>(
        () => PacketStreamAddress.HomeOf(new PacketStreamAddress(new NodeIdentity("a", 1), 1, "").ToStreamId("key")));
}
