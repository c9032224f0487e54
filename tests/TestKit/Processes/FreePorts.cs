using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.TestKit.Processes;

/// <summary>
/// Ports for programs that must be told one before they start. Where a program can choose itself, let it (port 0): no port that is chosen
/// here is anybody's yet.
/// </summary>
public static class FreePorts
{
    // Below the ports that systems give to connections (Linux from 32768 on, others from 49152), of which a busy test run uses up
    // thousands, and below those that Orleans' test clusters choose (from 22300 on).
    private const int First = 12_000;
    private const int Count = 10_000;

    // Each process of tests begins somewhere else, and none comes back to a port before it has been through all of them.
    private static int _next = Random.Shared.Next(Count);

    /// <summary>Different ports at which nobody listens on the loopback interface.</summary>
    public static int[] Take(int count)
    {
        var ports = new int[count];
        for (var i = 0; i < count; i++)
        {
            ports[i] = TakeOne();
        }

        return ports;
    }

    private static int TakeOne()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is somebody's.
            }
        }

        throw new InvalidOperationException($"None of the ports from {First} to {First + Count - 1} is free.");
    }
}
