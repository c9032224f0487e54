namespace OrleansRooms.Grains.Nodes;

/// <summary>
/// Whether an owner knows all that nodes have ever told an owner of the same rooms. A former activation may have been lost with what it
/// knew, which raises the generation; so a new one reads the generation and is complete as soon as all living nodes have confirmed it. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// Where nothing has happened, one read that all owners share which were activated meanwhile is enough; it begins with the activation and
/// is usually over before anybody asks.
/// </remarks>
internal sealed class Completeness
{
    // Longer than the directory takes; beyond that a packet rather goes to every node.
    private static readonly TimeSpan RoutePatience = TimeSpan.FromMilliseconds(250);

    // Longer than callers wait themselves.
    private static readonly TimeSpan QueryPatience = TimeSpan.FromSeconds(10);

    private readonly ClusterNodes _nodes;
    private readonly TimeProvider _time;
    private Task<long>? _generation;

    /// <summary>
    /// Begins to read; to be called in <c>OnActivateAsync</c>. When an owner is made, Orleans has yet to enter it into its directory, which
    /// may take until the silo of the former owner has been declared dead: what is read before that tells nothing of the loss.
    /// </summary>
    public Completeness(ClusterNodes nodes, TimeProvider time)
    {
        _nodes = nodes;
        _time = time;
        _generation = nodes.ReadGenerationAsync();
    }

    /// <summary>Whether the owner is complete; costs nothing once it is.</summary>
    public bool IsReached
    {
        get
        {
            if (_generation is null)
            {
                return true;
            }

            if (!_generation.IsCompletedSuccessfully || !_nodes.IsSettled(_generation.Result))
            {
                return false;
            }

            _generation = null;
            return true;
        }
    }

    /// <summary>The generation that has to be settled first; <see langword="null"/> while it is not known.</summary>
    public long? Generation => _generation is { IsCompletedSuccessfully: true } read ? read.Result : null;

    /// <summary>Whether the owner is complete, to answer where a packet has to go.</summary>
    public async ValueTask<bool> IsReachedForRoutesAsync()
    {
        if (!IsReached)
        {
            Task reading = Reading();
            await reading.WaitAsync(RoutePatience, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return IsReached;
    }

    /// <summary>Waits until the owner is complete, to answer a question truly.</summary>
    /// <exception cref="TimeoutException">The directory did not answer, or some node did not confirm.</exception>
    public async ValueTask WhenReachedAsync()
    {
        if (!IsReached)
        {
            await _nodes.WhenSettledAsync(await Reading().WaitAsync(QueryPatience, _time), QueryPatience);
        }
    }

    private Task<long> Reading() =>
        _generation is { IsFaulted: false, IsCanceled: false } reading ? reading : _generation = _nodes.ReadGenerationAsync();
}
