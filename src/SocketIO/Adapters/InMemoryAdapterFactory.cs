using Microsoft.Extensions.Logging;

namespace OrleansRooms.SocketIO.Adapters;

/// <summary>Gives every namespace an <see cref="InMemoryAdapter"/>: one server process that works alone.</summary>
/// <param name="timeProvider">Measures the wait for acks.</param>
/// <param name="loggerFactory">Where listeners that throw are reported.</param>
public sealed class InMemoryAdapterFactory(TimeProvider timeProvider, ILoggerFactory loggerFactory) : IAdapterFactory
{
    private readonly ILogger<InMemoryAdapter> _logger = loggerFactory.CreateLogger<InMemoryAdapter>();

    /// <inheritdoc/>
    public IAdapter Create(IAdapterNamespace ns) => new InMemoryAdapter(ns, timeProvider, _logger);
}
