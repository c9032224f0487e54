using System.Net;
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
    private static readonly Gen<string> Name = Gen.OneOf(Gen.Char["!~01/a"].Array[0, 6].Select(characters => new string(characters)), Gen.String);

    [Fact]
    public void RoomKey_AnyNames_ReadsBack() =>
        Gen.Select(Name, Name, Name).Sample((cluster, ns, room) =>
        {
            var key = new RoomKey(cluster, ns, room);
            Assert.Equal(key, RoomKey.Parse(key.ToGrainKey()));
        });

    [Fact]
    public void RoomKey_DifferentNames_AreDifferentKeys() =>
        Gen.Select(Name, Name, Name, Name, Name, Name).Sample((cluster1, ns1, room1, cluster2, ns2, room2) =>
        {
            var first = new RoomKey(cluster1, ns1, room1);
            var second = new RoomKey(cluster2, ns2, room2);
            Assert.Equal(first == second, first.ToGrainKey() == second.ToGrainKey());
        });

    [Fact]
    public void NamespaceKey_AnyNames_ReadsBack() =>
        Gen.Select(Name, Name).Sample((cluster, ns) =>
        {
            var key = new NamespaceKey(cluster, ns);
            Assert.Equal(key, NamespaceKey.Parse(key.ToGrainKey()));
        });

    [Fact]
    public void SocketShardKey_AnySocketId_IsOneOfTheShardsAndReadsBack() =>
        Gen.Char["abcXYZ019-_"].Array[SocketShardKey.SocketIdLength].Select(characters => new string(characters)).Sample(socketId =>
        {
            Assert.True(SocketShardKey.Owns(socketId));
            var key = SocketShardKey.Of("key", "/chat", socketId);
            Assert.InRange(key.Shard, 0, SocketShardKey.Count - 1);
            Assert.Equal(key, SocketShardKey.Parse(key.ToGrainKey()));
        });

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAA", 5)]
    [InlineData("bXk-ZW5jb2RlZF9pZC0x", 36)]
    [InlineData("zzzzzzzzzzzzzzzzzzzz", 15)]
    public void SocketShardKey_KnownSocketId_StaysInItsShard(string socketId, int shard) =>
        Assert.Equal(shard, SocketShardKey.Of("key", "/", socketId).Shard);

    [Theory]
    [InlineData("room")]
    [InlineData("")]
    [InlineData("nineteen-characters")]
    [InlineData("twenty-one-characters")]
    [InlineData("twenty characters ok")]
    [InlineData("zwanzig-zeichen-äöü!")]
    public void SocketShardKey_OtherRooms_AreNotOwned(string room) => Assert.False(SocketShardKey.Owns(room));

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one!two")]
    [InlineData("one!two!three!four")]
    public void RoomKey_FromOtherKey_IsRefused(string grainKey) => Assert.Throws<FormatException>(() => RoomKey.Parse(grainKey));

    [Fact]
    public void StreamId_OfAnotherRunOrClusterKey_IsAnother()
    {
        var node = new NodeIdentity("a", 1);
        var address = new PacketStreamAddress(node, 1, "127.0.0.1:11111@7");
        Assert.Equal(address.ToStreamId("key"), new PacketStreamAddress(new NodeIdentity("a", 1), 1, "127.0.0.1:11111@7").ToStreamId("key"));
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
        foreach (var silo in new[] { SiloAddress.New(IPAddress.Loopback, 11111, 5), SiloAddress.New(IPAddress.IPv6Loopback, 30000, 1234567) })
        {
            var address = new PacketStreamAddress(new NodeIdentity(nodeId, 1), 3, silo.ToParsableString());
            Assert.Equal(silo, PacketStreamAddress.HomeOf(address.ToStreamId(clusterKey)));
        }
    }

    [Fact]
    public void StreamId_OfAProviderWithoutHomes_NamesNone() => Assert.Throws<FormatException>(
        () => PacketStreamAddress.HomeOf(new PacketStreamAddress(new NodeIdentity("a", 1), 1, "").ToStreamId("key")));
}
