using OrleansRooms.TestKit.Processes;
using OrleansRooms.TestKit.Redis;

namespace OrleansRooms.ClusterLoad.Servers;

/// <summary>Stock Socket.IO servers on Node.js with the Redis adapter, and their Redis server.</summary>
internal sealed class RedisGroup : ServerGroup
{
    public override string Name => "Redis adapter";

    public static Task<RedisGroup> StartAsync(int nodes) => StartAsync(new RedisGroup(), async group =>
    {
        var redis = await RedisServer.StartAsync();
        group.Add(new ServerProcess("redis-server", redis.Process, redis));
        foreach (var port in FreePorts.Take(nodes))
        {
            var process = RunningProcess.Start("node", ["server.mjs", $"{port}", $"{redis.Port}"], ProgramFiles.PeerFolder);
            group.AddNode(new ServerProcess($"node {port}", process), port);
        }

        await group.WhenAllListenAsync();
    });
}
