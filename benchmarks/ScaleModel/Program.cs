using System.Globalization;
using OrleansRooms.ScaleModel;

const int Emits = 20_000;

// The adapter's VerifyInterval: how often a node asks each owner whether it still knows what it was told.
const double VerifySeconds = 30;
int[] sizes = [10, 100, 1000];

Console.WriteLine(
    "| load | nodes | sockets | messages per emit | broadcast to all | owners | checks a second | owners told of a death | snapshots " +
    "of a full rebuild | most nodes of one owner |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
foreach (var workload in Workload.All)
{
    foreach (var nodes in sizes)
    {
        var cluster = new ModelCluster(nodes, workload);
        var (messages, snapshots, most) = (cluster.MessagesPerEmit(Emits), cluster.Snapshots, cluster.MostNodesOfAnOwner);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {workload.Name} | {nodes:#,0} | {cluster.Sockets:#,0} | {messages:0.00} | {nodes - 1:#,0} | {cluster.Owners:#,0} | " +
            $"{snapshots / VerifySeconds:#,0} | {cluster.KillOneNode():#,0} | {snapshots:#,0} | {most:#,0} |"));
    }
}
