using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>Gives every namespace an <see cref="InMemoryAdapter"/>: one server process that works alone.</summary>
public sealed class InMemoryAdapterFactory : IAdapterFactory
{
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<InMemoryAdapter> _logger;
    private readonly SocketIOMetrics? _metrics;

    /// <summary>Creates the factory.</summary>
    /// <param name="timeProvider">Measures the wait for acks, and how long clients are away.</param>
    /// <param name="loggerFactory">Where listeners that throw are reported.</param>
    public InMemoryAdapterFactory(TimeProvider timeProvider, ILoggerFactory loggerFactory)
        : this(timeProvider, loggerFactory, metrics: null)
    {
    }

    internal InMemoryAdapterFactory(TimeProvider timeProvider, ILoggerFactory loggerFactory, SocketIOMetrics? metrics)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _timeProvider = timeProvider;
        _logger = loggerFactory.CreateLogger<InMemoryAdapter>();
        _metrics = metrics;
    }

    /// <inheritdoc/>
    public bool SupportsConnectionStateRecovery => true;

    /// <inheritdoc/>
    public IAdapter Create(IAdapterNamespace ns)
    {
        ArgumentNullException.ThrowIfNull(ns);
        return new InMemoryAdapter(ns, _timeProvider, _logger, observer: null, ns.ConnectionStateRecovery, _metrics);
    }
}
