namespace OrleansRooms.TestKit;

/// <summary>
/// What has arrived and not been asked for yet, and the tests that wait for it. An item is handed out once; items that nobody
/// asked for stay in their order. A wait that ends in vain says what had arrived instead.
/// </summary>
/// <typeparam name="T">What arrives.</typeparam>
/// <param name="owner">Whose inbox it is, for failure messages.</param>
public sealed class Inbox<T>(Func<string> owner)
{
    /// <summary>How long a wait may take by default: far longer than anything here does on a busy machine. One minute.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    private const int RememberedItems = 60;

    private readonly Lock _lock = new();
    private readonly List<T> _waiting = [];
    private readonly Queue<string> _history = [];
    private readonly List<(Func<T, bool> Matches, TaskCompletionSource<T> Taken)> _takers = [];
    private string? _ended;

    /// <summary>The items that nobody took, oldest first.</summary>
    public IReadOnlyList<T> Waiting
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting];
            }
        }
    }

    /// <summary>Puts an item in; it goes to the test that has waited longest for one like it.</summary>
    public void Add(T item)
    {
        lock (_lock)
        {
            _history.Enqueue($"{item}");
            if (_history.Count > RememberedItems)
            {
                _history.Dequeue();
            }

            for (var i = 0; i < _takers.Count; i++)
            {
                if (_takers[i].Matches(item))
                {
                    _takers[i].Taken.SetResult(item);
                    _takers.RemoveAt(i);
                    return;
                }
            }

            _waiting.Add(item);
        }
    }

    /// <summary>Nothing more will arrive: whoever waits fails at once.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _ended ??= reason;
            foreach (var (_, taken) in _takers)
            {
                taken.SetException(new InvalidOperationException($"{owner()}: {reason}. {History_NeedsLock()}"));
            }

            _takers.Clear();
        }
    }

    /// <summary>Takes the oldest item that matches, waiting for it if need be.</summary>
    /// <param name="matches">Which one.</param>
    /// <param name="description">What is awaited, for the failure message.</param>
    /// <param name="timeout">How long to wait; <see cref="DefaultTimeout"/> if not given.</param>
    public async Task<T> TakeAsync(Func<T, bool> matches, string description, TimeSpan? timeout = null)
    {
        var taken = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var index = _waiting.FindIndex(item => matches(item));
            if (index >= 0)
            {
                var item = _waiting[index];
                _waiting.RemoveAt(index);
                return item;
            }

            if (_ended is not null)
            {
                throw new InvalidOperationException($"{owner()} waited for {description}: {_ended}. {History_NeedsLock()}");
            }

            _takers.Add((matches, taken));
        }

        var limit = timeout ?? DefaultTimeout;
        try
        {
            return await taken.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                _takers.RemoveAll(taker => taker.Taken == taken);
                if (taken.Task.IsCompletedSuccessfully)
                {
                    return taken.Task.Result;
                }

                throw new TimeoutException($"{owner()} waited {limit} for {description} in vain. {History_NeedsLock()}");
            }
        }
    }

    private string History_NeedsLock() =>
        _history.Count == 0 ? "Nothing had arrived." : $"Had arrived: {string.Join("; ", _history)}.";
}
