using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansRooms.Contracts.Streams;

namespace OrleansRooms.PacketStreams;

/// <summary>What other processes send to the streams of this silo.</summary>
internal sealed class PacketStreamService(GrainId id, Silo silo, ILocalPacketStreams streams, ILoggerFactory loggers)
    : GrainService(id, silo, loggers), IPacketStreamService
{
    public ValueTask<PacketStreamOutcome> SendAsync(StreamId stream, EnvelopeBatch batch) => new(streams.Send(stream, batch));

    public ValueTask PostAsync(StreamId stream, EnvelopeBatch batch)
    {
        streams.Send(stream, batch);
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(StreamId stream)
    {
        streams.Close(stream);
        return ValueTask.CompletedTask;
    }
}
