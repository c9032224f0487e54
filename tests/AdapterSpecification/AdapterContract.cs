using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>
/// What every adapter owes to the server above it, on one node and on many. A subclass says where the nodes come from; every test opens
/// a namespace of its own on all of them. Sockets are placed on nodes 0, 1 and 2; an adapter that has fewer nodes holds them together.
/// </summary>
public abstract partial class AdapterContract : IAsyncLifetime
{
    private static int _lastScene;

    private AdapterScene? _scene;

    /// <summary>The nodes, already running.</summary>
    protected abstract IReadOnlyList<AdapterNode> Nodes { get; }

    /// <summary>The namespace of this test, on all nodes.</summary>
    protected AdapterScene Scene => _scene ?? throw new InvalidOperationException("The test has not begun.");

    private static TimeSpan Patience => AdapterScene.Patience;

    private static BroadcastOptions All => BroadcastOptions.All;

    public virtual async Task InitializeAsync() => _scene = await OpenSceneAsync();

    public virtual async Task DisposeAsync()
    {
        if (_scene is not null) await _scene.DisposeAsync();
    }

    /// <summary>Starts one more node; <see langword="null"/> when the adapter knows only one.</summary>
    protected virtual Task<AdapterNode?> StartNodeAsync() => Task.FromResult<AdapterNode?>(null);

    /// <summary>Opens another namespace on all nodes.</summary>
    protected Task<AdapterScene> OpenSceneAsync() => AdapterScene.OpenAsync($"/spec-{Interlocked.Increment(ref _lastScene)}", Nodes);

    private static BroadcastOptions To(params string[] rooms) => All.To(rooms);

    /// <summary>Repeats a question until the answer is right, because the answer may be on its way.</summary>
    private static Task EventuallyAsync<T>(T expected, Func<ValueTask<T>> ask) => AdapterScene.EventuallyAsync(expected, ask);
}
