using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Stock Socket.IO servers on Node.js with the Redis adapter, and their Redis server.</summary>
internal sealed class RedisGroup : ServerGroup
{
    public override string Name => "Redis adapter";

    public static async Task<RedisGroup> StartAsync(int nodes)
    {
        var redis = await RedisServer.StartAsync();
        var group = new RedisGroup();
        group.Add(new ServerProcess("redis-server", redis.Process, redis));
        foreach (var port in FreePorts.Take(nodes))
        {
            var process = RunningProcess.Start("node", ["server.mjs", $"{port}", $"{redis.Port}"], ProgramFiles.PeerFolder);
            group.AddNode(new ServerProcess($"node {port}", process), port);
        }

        await group.WhenAllListenAsync();
        return group;
    }
}
