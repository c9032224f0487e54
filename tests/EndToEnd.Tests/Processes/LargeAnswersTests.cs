using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.EndToEnd.Tests.Processes;

/// <summary>
/// Answers to questions that are larger than what may wait for a node, while others talk over the same links and miss nothing.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class LargeAnswersTests(ProcessCluster cluster)
{
    private const int Megabyte = 1024 * 1024;
    private const int Timeout = 60_000;

    [RedisFact]
    public async Task DescriptionsOfNinetyMegabytes_AndOneOfSeventy_ComeWholeAndCostNobodyAMessage()
    {
        var (many, one) = (cluster.NewName("room"), cluster.NewName("room"));
        var near = await cluster.JoinAsync(cluster.Nodes[0]);
        var far = await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => cluster.JoinAsync(cluster.Nodes[1], many)));
        await Task.WhenAll(far.Select(client => client.AskAsync<object>("carry", Megabyte)));
        var largest = await cluster.JoinAsync(cluster.Nodes[1], one);
        await largest.AskAsync<object>("carry", 70 * Megabyte);
        var conversation = await Conversation.BeginAsync(cluster, rooms: 2);
        await conversation.SaidByAllAsync(times: 3);

        Assert.Equal(far.Select(client => client.Id).Order(), (await near.AskAsync<string[]>("fetch", many, Timeout)).Order());
        Assert.Equal([largest.Id], await near.AskAsync<string[]>("fetch", one, Timeout));

        await conversation.GoesOnAsync();
        await conversation.EndAsync();
        Assert.DoesNotContain(cluster.Nodes, node => node.Process.Output.Contains("LinkFull", StringComparison.Ordinal));
        await Task.WhenAll(far.Append(largest).Append(near).Select(client => client.Js.DisconnectAsync()));
    }
}
