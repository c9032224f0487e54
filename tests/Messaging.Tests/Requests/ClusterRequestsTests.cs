using OrleansRooms.Messaging.Requests;
using OrleansRooms.Messaging.Tests.Participants;

namespace OrleansRooms.Messaging.Tests.Requests;

public sealed class ClusterRequestsTests
{
    [Fact]
    public async Task Add_BeyondWhatMayWait_IsRefusedUntilOneIsThrough()
    {
        await using var participant = await TestParticipant.StartAsync("a", new FaultyStreams(0));
        var requests = participant.Participant.Requests;
        var waiting = Enumerable.Range(0, TestParticipant.MaxPendingRequests).Select(_ => new DropRoutesRequest()).ToList();
        waiting.ForEach(request => requests.Add(request));

        var thrown = Assert.Throws<InvalidOperationException>(() => requests.Add(new DropRoutesRequest()));

        Assert.Equal("100 requests wait for other nodes already (MaxPendingRequests).", thrown.Message);
        requests.Remove(waiting[0]);
        requests.Add(new DropRoutesRequest());
        Assert.Equal(TestParticipant.MaxPendingRequests, requests.Count);
    }

    [Fact]
    public async Task Wait_ForAnswersThatDoNotCome_EndsInTimeAndLeavesNothing()
    {
        await using var participant = await TestParticipant.StartAsync("a", new FaultyStreams(0));
        var requests = participant.Participant.Requests;
        var request = new DropRoutesRequest();
        using (requests.Add(request))
        {
            Assert.False(await requests.WaitAsync(request, TimeSpan.FromMilliseconds(1), CancellationToken.None));
        }

        Assert.Equal(0, requests.Count);
    }
}
