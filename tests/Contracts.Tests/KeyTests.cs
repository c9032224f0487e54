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
        Assert.Equal(NodeStreams.IdOf("key", node), NodeStreams.IdOf("key", new NodeIdentity("a", 1)));
        Assert.NotEqual(NodeStreams.IdOf("key", node), NodeStreams.IdOf("key", node with { Epoch = 2 }));
        Assert.NotEqual(NodeStreams.IdOf("key", node), NodeStreams.IdOf("other", node));
    }
}
