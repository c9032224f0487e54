using System.Runtime.CompilerServices;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterSpecification;

/// <summary>One namespace, fresh for one test, on all nodes.</summary>
public sealed class AdapterScene : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen. Only a failing test waits that long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Looks again and again whether something has come about that tells nobody of itself.</summary>
    /// <param name="condition">Whether it has.</param>
    /// <param name="found">What is the case instead, for the message of a test that fails.</param>
    /// <param name="text">The condition as it is written.</param>
    /// <exception cref="TimeoutException">It has not within <see cref="Patience"/>.</exception>
    public static async Task UntilAsync(
        Func<ValueTask<bool>> condition, Func<string>? found = null, [CallerArgumentExpression(nameof(condition))] string? text = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(start) > Patience) throw new TimeoutException($"Waited in vain for {text}. {found?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
        }
    }

    /// <summary>Repeats a question until the answer is right, because what it asks about may be on its way.</summary>
    /// <param name="expected">The right answer.</param>
    /// <param name="ask">The question.</param>
    /// <param name="text">The question as it is written.</param>
    /// <exception cref="TimeoutException">The answer was not right within <see cref="Patience"/>.</exception>
    public static Task EventuallyAsync<T>(
        T expected, Func<ValueTask<T>> ask, [CallerArgumentExpression(nameof(ask))] string? text = null)
    {
        ArgumentNullException.ThrowIfNull(ask);
        T? answer = default;
        return UntilAsync(
            async () => Equals(expected, answer = await ask()), () => $"The answer should be {expected} and is {answer}.", text);
    }

    /// <summary>Asks again while there is no answer: while owners are incomplete a question fails rather than lies.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<ValueTask<T>> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (ClusterUnavailableException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private readonly List<TestNamespace> _namespaces = [];
    private int _barriers;

    private AdapterScene(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<TestNamespace> Nodes => _namespaces;

    /// <summary>The namespace on a node; with fewer nodes than a test speaks of, nodes stand in for each other.</summary>
    public TestNamespace this[int node] => _namespaces[node % _namespaces.Count];

    public static async Task<AdapterScene> OpenAsync(string name, IEnumerable<AdapterNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var scene = new AdapterScene(name);
        foreach (var node in nodes) await scene.AddAsync(node);
        return scene;
    }

    /// <summary>Opens the namespace on one more node.</summary>
    public async Task<TestNamespace> AddAsync(AdapterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var ns = new TestNamespace(Name, node.Adapters);
        _namespaces.Add(ns);
        await ns.Adapter.InitializeAsync().AsTask().WaitAsync(Patience);
        return ns;
    }

    /// <summary>Forgets a node that is gone.</summary>
    public void Remove(TestNamespace ns) => _namespaces.Remove(ns);

    /// <summary>
    /// Waits until everything that a node sent before has reached every connected socket: what a node sends arrives in order, so a
    /// last message to everybody tells. It leaves no trace in what <see cref="EventsOf"/> returns.
    /// </summary>
    public async Task BarrierAsync(int node)
    {
        var mark = $"""["barrier",{Interlocked.Increment(ref _barriers)}]""";
        await this[node].Adapter.BroadcastAsync(Packets.Event(mark), BroadcastOptions.All);
        foreach (var socket in _namespaces.SelectMany(ns => ns.Sockets))
        {
            await socket.WaitForLogAsync(log => Array.Exists(log, entry => entry.EndsWith(mark, StringComparison.Ordinal)), "the barrier");
        }
    }

    /// <summary>What a socket was sent, without barriers and without the namespace's name.</summary>
    public string[] EventsOf(TestSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return [.. socket.Log
            .Where(entry => !entry.Contains("[\"barrier\",", StringComparison.Ordinal))
            .Select(entry => entry.Replace($"{Name},", "", StringComparison.Ordinal))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ns in _namespaces) await ns.DisposeAsync();
    }
}
