using System.Collections.Immutable;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>Runs the connection middlewares of a namespace.</summary>
internal static class ConnectionMiddleware
{
    /// <summary>Takes a socket through the middlewares, one after the other.</summary>
    /// <returns>Whether the last one let it go on.</returns>
    public static async Task<bool> RunAsync(ImmutableArray<Func<ISocket, Func<Task>, Task>> middlewares, ISocket socket)
    {
        var isAccepted = false;
        await RunFromAsync(0);
        return isAccepted;

        Task RunFromAsync(int index)
        {
            if (index < middlewares.Length)
            {
                return middlewares[index](socket, () => RunFromAsync(index + 1));
            }

            isAccepted = true;
            return Task.CompletedTask;
        }
    }
}
