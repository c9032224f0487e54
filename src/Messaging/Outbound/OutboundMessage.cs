using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Tracing;
using OrleansRooms.PacketStreams;

namespace OrleansRooms.Messaging.Outbound;

/// <summary>An envelope on its way out of one namespace.</summary>
/// <param name="envelope">The envelope.</param>
/// <param name="toAllNodes">
/// Whether it goes to all other nodes that have the namespace rather than to those with sockets that match.
/// </param>
/// <param name="request">The request that waits for what it brings about, if any.</param>
internal sealed class OutboundMessage(Envelope envelope, bool toAllNodes = false, PendingRequest? request = null)
{
    private TaskCompletionSource? _passed;

    public Envelope Envelope { get; } = EnvelopeTraces.Send(envelope);

    public bool ToAllNodes { get; } = toAllNodes;

    public PendingRequest? Request { get; } = request;

    /// <summary>Whether it answers a question, or is one of the cluster's own: such messages have a budget apart from packets.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>About how many bytes it takes while it waits.</summary>
    public int Size { get; } = EnvelopeSize.Of(envelope);

    /// <summary>Whether it is the first to go when there is no room.</summary>
    public bool IsVolatile => (Envelope.Flags & EnvelopeFlags.Volatile) != 0;

    /// <summary>Whether whoever sent it waits for it.</summary>
    public bool IsHeld => _passed is not null;

    /// <summary>Lets the sender wait; to be called before the message is sent. Completes when it has passed.</summary>
    public Task Hold() => (_passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>It is where it should be, or given up; as soon as there is room for more there, whoever sent it goes on.</summary>
    public void Pass(Task room)
    {
        if (_passed is not { } passed)
        {
            return;
        }

        if (room.IsCompleted)
        {
            passed.TrySetResult();
        }
        else
        {
            room.ContinueWith(
                static (_, state) => ((TaskCompletionSource)state!).TrySetResult(),
                passed,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
