using OrleansRooms.Messaging.Delivery;

namespace OrleansRooms.Messaging.Links;

/// <summary>
/// Gives the links of a process their sense of time: one timer for all of them, because acknowledgements that ride on other traffic hardly
/// ever need it.
/// </summary>
internal sealed class LinkClock : IDisposable
{
    /// <summary>How long a tick is. A lone acknowledgement waits two of them; what was lost last in a burst is missed after four.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private const int TicksPerPruning = 120;

    private readonly NodeLinks _links;
    private readonly EnvelopeDispatcher _dispatcher;
    private readonly ITimer _timer;
    private int _ticks;

    public LinkClock(NodeLinks links, EnvelopeDispatcher dispatcher, TimeProvider time)
    {
        _links = links;
        _dispatcher = dispatcher;
        _timer = time.CreateTimer(static self => ((LinkClock)self!).OnTick(), this, Tick, Tick);
    }

    public void Dispose() => _timer.Dispose();

    private void OnTick()
    {
        _dispatcher.Tick();
        _links.Tick();
        if (++_ticks % TicksPerPruning == 0)
        {
            _dispatcher.Prune();
            _links.Prune();
        }
    }
}
