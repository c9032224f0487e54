using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace OrleansRooms.Hosting.Clustering;

/// <summary>Where a silo listens and where others are told to find it.</summary>
internal static class SiloPorts
{
    /// <summary>Sets Orleans' endpoints.</summary>
    public static void Apply(EndpointOptions endpoints, RoomsClusterOptions options)
    {
        var listen = ListenAddress(options);
        endpoints.AdvertisedIPAddress = Resolve(options.AdvertisedAddress);
        endpoints.SiloPort = options.SiloPort;
        endpoints.GatewayPort = options.GatewayPort;
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, options.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, options.GatewayPort);
    }

    /// <summary>Sees whether a silo can listen on its ports.</summary>
    /// <exception cref="RoomsStartException">It cannot.</exception>
    public static void MustBeFree(RoomsClusterOptions options)
    {
        MustBeFree(options, nameof(options.SiloPort), options.SiloPort);
        MustBeFree(options, nameof(options.GatewayPort), options.GatewayPort);
    }

    private static void MustBeFree(RoomsClusterOptions options, string setting, int port)
    {
        var address = ListenAddress(options);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new RoomsStartException(
                $"This machine has no address {address} to listen on; correct Rooms:AdvertisedAddress, or set Rooms:ListenAddress.",
                exception);
        }
        catch (SocketException exception)
        {
            throw new RoomsStartException(
                $"Port {port} cannot be used ({exception.Message}); end the process that has it, or give another Rooms:{setting}.",
                exception);
        }
    }

    private static IPAddress ListenAddress(RoomsClusterOptions options) =>
        options.ListenAddress is { } listen ? IPAddress.Parse(listen) : Resolve(options.AdvertisedAddress);

    private static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        try
        {
            return Array.Find(Dns.GetHostAddresses(host), found => found.AddressFamily == AddressFamily.InterNetwork)
                ?? throw new RoomsStartException(
                    $"Rooms:AdvertisedAddress is '{host}', which has no IPv4 address; set it to the address under which others reach " +
                    "this silo.");
        }
        catch (SocketException exception)
        {
            throw new RoomsStartException(
                $"Rooms:AdvertisedAddress is '{host}', which does not resolve ({exception.Message}); set it to the address " +
                "under which others reach this silo.", exception);
        }
    }
}
