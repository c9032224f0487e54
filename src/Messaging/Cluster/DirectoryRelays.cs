using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;
using Orleans.Runtime;
using OrleansRooms.Contracts.Nodes;

namespace OrleansRooms.Messaging.Cluster;

/// <summary>
/// Other ways to the node directory than the one that Orleans has chosen, for when that one is silent: through each silo with a gateway, in
/// turn. There are none for a process that is a silo itself. One caller at a time.
/// </summary>
internal sealed class DirectoryRelays(IClusterClient client, TimeProvider time)
{
    // The store that lists the silos may be as far away as the silo that is silent; what it said last will do.
    private static readonly TimeSpan ListPatience = TimeSpan.FromMilliseconds(200);

    private readonly IGatewayListProvider? _list = client.ServiceProvider.GetService<IGatewayListProvider>();
    private List<SiloAddress> _gateways = [];
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>The next ways in turn, each through another silo.</summary>
    /// <param name="count">How many, if there are so many silos.</param>
    public async ValueTask<List<IHeartbeatRelayService>> NextAsync(int count)
    {
        if (_list is not null)
        {
            _reading = _reading.IsCompleted ? ReadAsync(_list) : _reading;
            await _reading.WaitAsync(ListPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var gateways = _gateways;
        var relays = new List<IHeartbeatRelayService>(count);
        for (var i = Math.Min(count, gateways.Count); i > 0; i--)
        {
            _last = (_last + 1) % gateways.Count;
            relays.Add(HeartbeatRelayServices.BehindGateway(client, gateways[_last]));
        }

        return relays;
    }

    private async Task ReadAsync(IGatewayListProvider list)
    {
        try
        {
            var gateways = new List<SiloAddress>();
            foreach (var gateway in await list.GetGatewaysAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (gateway.ToGatewayAddress() is { } address)
                {
                    gateways.Add(address);
                }
            }

            _gateways = gateways;
        }
#pragma warning disable CA1031 // Whatever it is, Orleans meets and logs the same: it asks every few seconds.
        catch
#pragma warning restore CA1031
        {
            // What it said last will do.
        }
    }
}
