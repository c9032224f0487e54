using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRooms.Membership;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.AdapterClient;

/// <summary>Connects every namespace of this process to the cluster, all through the one node that the process is.</summary>
internal sealed class OrleansAdapterFactory(ClusterNode node, IOptions<OrleansAdapterOptions> options) : IAdapterFactory
{
    private readonly ILogger<OrleansAdapter> _logger = node.Loggers.CreateLogger<OrleansAdapter>();

    public IAdapter Create(IAdapterNamespace ns) => new OrleansAdapter(node, ns, options.Value, _logger);
}
