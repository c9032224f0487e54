using System.Net;
using System.Net.Sockets;

namespace OrleansRooms.TestKit.Processes;

/// <summary>Ports for programs that must be told one before they start. Where a program can choose itself, let it (port 0).</summary>
public static class FreePorts
{
    /// <summary>
    /// Different ports that the system had free a moment ago. It hands out ports in turn, so another process is unlikely to be
    /// given one of them in the meantime.
    /// </summary>
    public static int[] Take(int count)
    {
        var listeners = new TcpListener[count];
        try
        {
            for (var i = 0; i < count; i++)
            {
                listeners[i] = new TcpListener(IPAddress.Loopback, 0);
                listeners[i].Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener?.Dispose();
            }
        }
    }
}
