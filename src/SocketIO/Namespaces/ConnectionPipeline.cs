using System.Collections.Immutable;
using OrleansRooms.SocketIO.Events;

namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>The middlewares and listeners of a namespace or of a parent. Safe to change while clients pass.</summary>
internal sealed class ConnectionPipeline
{
    private readonly Listeners<Func<ISocket, Task>> _connection;
    private ImmutableArray<Func<ISocket, Func<Task>, Task>> _middlewares = [];

    public ConnectionPipeline() => _connection = new Listeners<Func<ISocket, Task>>();

    /// <summary>A pipeline that begins with what another one has now.</summary>
    public ConnectionPipeline(ConnectionPipeline inherited)
    {
        _connection = new Listeners<Func<ISocket, Task>>(inherited._connection);
        _middlewares = inherited._middlewares;
    }

    /// <summary>Those that hear of new sockets.</summary>
    public ImmutableArray<Listeners<Func<ISocket, Task>>.Entry> ConnectionListeners => _connection.Current;

    /// <summary>Whether a client passes any user code on its way in.</summary>
    public bool HasMiddlewares => !_middlewares.IsEmpty;

    public IDisposable OnConnection(Func<ISocket, Task> listener) => _connection.Add(listener);

    public IDisposable OnConnection(Func<ISocket, ValueTask> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket => listener(socket).AsTask());
    }

    public IDisposable OnConnection(Action<ISocket> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _connection.Add(socket =>
        {
            listener(socket);
            return Task.CompletedTask;
        });
    }

    public void Use(Func<ISocket, Func<Task>, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ImmutableInterlocked.Update(ref _middlewares, (list, added) => list.Add(added), middleware);
    }

    /// <summary>Takes a socket through the middlewares, one after the other.</summary>
    /// <returns>Whether the last one let it go on.</returns>
    public async Task<bool> RunAsync(ISocket socket)
    {
        var middlewares = _middlewares;
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
