using System.Diagnostics;
using System.Threading.Channels;
using OrleansRooms.AdapterSpecification;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient.Tests.Cluster;

/// <summary>One trace from an emit to its delivery on other nodes.</summary>
public sealed class TraceTests(ClientsOfOneSilo cluster) : IClassFixture<ClientsOfOneSilo>, IAsyncLifetime, IDisposable
{
    private readonly Channel<Activity> _stopped = Channel.CreateUnbounded<Activity>();
    private readonly ActivitySource _source = new("tests");
    private readonly CancellationTokenSource _patience = new(AdapterScene.Patience, TimeProvider.System);
    private AdapterScene _scene = null!;

    public async Task InitializeAsync() => _scene = await AdapterScene.OpenAsync($"/traces-{Guid.NewGuid():N}", cluster.Nodes);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    public void Dispose()
    {
        _source.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Broadcast_IsOneTrace_WithADeliveryOnEachNodeThatHasMembers()
    {
        using var listener = Listen();
        await _scene[1].ConnectAsync("r");
        await _scene[2].ConnectAsync("r");

        Activity request;
        using (request = _source.StartActivity("a request")!)
        {
            await _scene[0].Adapter.BroadcastAsync(Packets.Event("""["e"]"""), BroadcastOptions.All.To("r"));
        }

        var trace = await TraceAsync(request, activities: 4);
        var send = Assert.Single(trace, activity => activity.Kind == ActivityKind.Producer);
        Assert.Equal((request.SpanId, $"send {_scene.Name}"), (send.ParentSpanId, send.DisplayName));
        var deliveries = trace.Where(activity => activity.Kind == ActivityKind.Consumer).ToList();
        Assert.All(deliveries, delivery => Assert.Equal((send.SpanId, true), (delivery.ParentSpanId, delivery.HasRemoteParent)));
        Assert.Equal(
            new[] { 1, 2 }.Select(node => ((HostedNode)cluster.Nodes[node]).Node.NodeId).Order(),
            deliveries.Select(delivery => (string)delivery.GetTagItem("orleansrooms.node")!).Order());
        Assert.All(trace.Where(activity => activity != request), activity =>
        {
            Assert.Equal("Broadcast", activity.GetTagItem("orleansrooms.kind"));
            Assert.Equal(1, activity.GetTagItem("orleansrooms.rooms"));
        });
    }

    private async Task<List<Activity>> TraceAsync(Activity root, int activities)
    {
        var trace = new List<Activity>();
        while (trace.Count < activities)
        {
            if (await _stopped.Reader.ReadAsync(_patience.Token) is { } activity && activity.TraceId == root.TraceId)
            {
                trace.Add(activity);
            }
        }

        return trace;
    }

    // Hears what tests beside this one do as well, which their trace ids tell apart.
    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OrleansRooms" or "tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _stopped.Writer.TryWrite(activity),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
