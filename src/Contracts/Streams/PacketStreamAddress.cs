using System.Globalization;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Contracts.Streams;

/// <summary>
/// Where the packets for one run of a node go: one stream, which the node opened and may replace by another at any time, when its home
/// silo dies for example. It travels in the node directory's view, so that publishers learn of the new one.
/// </summary>
/// <param name="Node">The run.</param>
/// <param name="Number">Counts the streams of the run from 1; the highest is the one in force.</param>
/// <param name="Home">
/// The silo in which the stream's queue lives, as <see cref="SiloAddress.ToParsableString"/> writes it; empty when the provider that
/// carries packets has no home silos.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("rooms.packet-stream-address")]
public sealed record PacketStreamAddress(
    [property: Id(0)] NodeIdentity Node, [property: Id(1)] long Number, [property: Id(2)] string Home)
{
    /// <summary>The id of the stream. Every stream of every run has its own, so what a former one left behind cannot reach it.</summary>
    public StreamId ToStreamId(string clusterKey) =>
        StreamId.Create(NodeStreams.StreamNamespace, string.Create(CultureInfo.InvariantCulture, $"{clusterKey}/{Node}/{Number}/{Home}"));

    /// <summary>The form used in logs.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Node}/{Number} in {(Home.Length == 0 ? "the provider" : Home)}");

    /// <summary>The silo in which the queue of a stream lives.</summary>
    /// <exception cref="FormatException">The stream has none.</exception>
    internal static SiloAddress HomeOf(StreamId stream)
    {
        // Whatever the key and the node are called, nothing comes after the last separator but the silo.
        var key = stream.GetKeyAsString();
        var home = key[(key.LastIndexOf('/') + 1)..];
        return home.Length == 0
            ? throw new FormatException($"The stream '{key}' names no home silo; it was opened for another stream provider.")
            : SiloAddress.FromParsableString(home);
    }
}
