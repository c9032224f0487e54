using System.Diagnostics;
using OrleansRooms.Contracts.Streams;
using OrleansRooms.Messaging.Tracing;

namespace OrleansRooms.Messaging.Tests.Tracing;

public sealed class EnvelopeTracesTests
{
    private static readonly Envelope Plain = new() { Kind = EnvelopeKind.Broadcast, Namespace = "/" };

    [Fact]
    public void NobodyListens_NothingIsAdded()
    {
        Assert.Same(Plain, EnvelopeTraces.Send(Plain));
        Assert.Null(
            EnvelopeTraces.StartDelivery(Plain with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }, "b"));
    }

    [Fact]
    public void SomebodyListens_TheEnvelopeSaysWhatItBelongsTo()
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);

        var sent = EnvelopeTraces.Send(Plain);
        using var delivery = EnvelopeTraces.StartDelivery(sent, "b");

        Assert.Equal(sent.TraceParent, delivery!.ParentId);
        Assert.Equal(Plain, sent with { TraceParent = null });
    }

    [Fact]
    public void SenderThatRecordsNothing_LeavesNoTraceHere()
    {
        using var listener = Listen(ActivitySamplingResult.None);

        Assert.Same(Plain, EnvelopeTraces.Send(Plain));
        Assert.Null(EnvelopeTraces.StartDelivery(Plain, "b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void TraceParentThatIsNone_IsPassedOver(string parent)
    {
        using var listener = Listen(ActivitySamplingResult.AllDataAndRecorded);

        Assert.Null(EnvelopeTraces.StartDelivery(Plain with { TraceParent = parent }, "b"));
    }

    private static ActivityListener Listen(ActivitySamplingResult result)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EnvelopeTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
